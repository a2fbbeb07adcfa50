import { AKS } from "./aks.ts";
import { revisionObjects } from "./charts.ts";
import type { Redirection } from "./charts.ts";
import type { Cluster, Resource } from "./cluster.ts";
import type { Components } from "./components.ts";
import { freePorts } from "./freePort.ts";
import { Service } from "./service.ts";
import { certificateInWebhooks } from "./webhooks.ts";
import type { WebhookConfiguration } from "./webhooks.ts";

/** Kinds that run pods: istiod, which is a process beside the API server here, and Istio CNI on the nodes. */
const RUNS_IN_CLUSTER = [
  "DaemonSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "PodDisruptionBudget",
];

const COMPLAINTS =
  /^pilot_(conflict_|destrule_subsets|duplicate_|vservice_dup_domain|total_xds_rejects|total_rejected)/;

export interface RevisionOptions {
  readonly name: string;
  readonly redirection: Redirection;
  /** The namespace of the control plane: that of the add-on, or that of a self-managed Istio. */
  readonly namespace?: string;
}

/** A revision of the mesh as AKS runs it: its objects, and an istiod. */
export class Revision {
  readonly name: string;
  readonly ports: Ports;
  private readonly cluster: Cluster;
  private readonly objects: readonly Resource[];
  private readonly service: Service;

  private constructor(
    name: string,
    ports: Ports,
    cluster: Cluster,
    objects: readonly Resource[],
    service: Service,
  ) {
    this.name = name;
    this.ports = ports;
    this.cluster = cluster;
    this.objects = objects;
    this.service = service;
  }

  static async start(
    cluster: Cluster,
    programs: Components,
    logDirectory: string,
    { name, redirection, namespace = AKS.controlPlaneNamespace }: RevisionOptions,
  ): Promise<Revision> {
    const ports = await choosePorts();
    const manifest = await revisionObjects(programs.istioctl, { name, redirection, namespace });
    const objects = manifest
      .filter(({ kind }) => !RUNS_IN_CLUSTER.includes(kind))
      .map((object) => reachable(object, ports));
    const ofKind = (kind: string) => {
      const found = objects.find((object) => object.kind === kind);
      if (found === undefined) throw new Error(`The charts have no ${kind} for ${name}.`);
      return found;
    };
    const injector = ofKind("MutatingWebhookConfiguration");
    const validator = ofKind("ValidatingWebhookConfiguration");
    await cluster.applyAll(objects);
    const service = await Service.start({
      name: `istiod-${name}`,
      command: programs.istiod,
      args: [
        "discovery",
        `--httpAddr=127.0.0.1:${ports.http}`,
        `--httpsAddr=127.0.0.1:${ports.webhooks}`,
        `--grpcAddr=127.0.0.1:${ports.xds}`,
        `--secureGRPCAddr=127.0.0.1:${ports.secureXds}`,
        `--monitoringAddr=127.0.0.1:${ports.monitoring}`,
        "--ctrlz_port=0",
      ],
      environment: {
        ...environmentOf(manifest),
        KUBECONFIG: cluster.kubeconfig,
        POD_NAME: `istiod-${name}`,
        POD_NAMESPACE: namespace,
        SHARED_MESH_CONFIG: AKS.sharedConfigMap(name),
        INJECTION_WEBHOOK_CONFIG_NAME: injector.metadata.name,
        VALIDATION_WEBHOOK_CONFIG_NAME: validator.metadata.name,
        // Its certificate is valid for this name and those of its Service.
        ISTIOD_CUSTOM_HOST: "localhost",
      },
      logDirectory,
      ready: async () => (await fetch(`http://127.0.0.1:${ports.http}/ready`)).ok,
    });
    const revision = new Revision(name, ports, cluster, objects, service);
    try {
      await certificateInWebhooks(cluster, injector);
    } catch (error) {
      await service.stop();
      throw error;
    }
    return revision;
  }

  /** Stops only the istiod, like an outage. */
  async stop(): Promise<void> {
    await this.service.stop();
  }

  /** Stops the istiod and deletes its objects, as AKS does to a revision that was removed from the list. */
  async remove(): Promise<void> {
    await this.stop();
    for (const object of this.objects) {
      if (object.metadata.name.includes(this.name)) await this.cluster.remove(object);
    }
  }

  /**
   * Metrics of the istiod about conflicting or ignored configuration.
   *
   * @see https://istio.io/latest/docs/reference/commands/pilot-discovery/#metrics
   */
  async complaints(): Promise<string[]> {
    const response = await fetch(`http://127.0.0.1:${this.ports.monitoring}/metrics`);
    const metrics = (await response.text()).split("\n");
    return metrics.filter((line) => COMPLAINTS.test(line) && !line.endsWith(" 0"));
  }
}

/** The loopback ports of one istiod. */
interface Ports {
  readonly http: number;
  readonly webhooks: number;
  readonly xds: number;
  readonly secureXds: number;
  readonly monitoring: number;
}

async function choosePorts(): Promise<Ports> {
  const [http = 0, webhooks = 0, xds = 0, secureXds = 0, monitoring = 0] = await freePorts(5);
  return { http, webhooks, xds, secureXds, monitoring };
}

/** The same object, with webhooks that reach an istiod on loopback. */
function reachable(object: Resource, { webhooks }: Ports): Resource {
  if (!object.kind.endsWith("WebhookConfiguration")) return object;
  const configuration = object as WebhookConfiguration;
  return {
    ...configuration,
    webhooks: configuration.webhooks.map((webhook) => {
      const path = webhook.clientConfig.service?.path ?? "";
      return { ...webhook, clientConfig: { url: `https://localhost:${webhooks}${path}` } };
    }),
  };
}

/** The environment variables of istiod in the charts, except those from its own pod. */
function environmentOf(manifest: readonly Resource[]): Record<string, string> {
  interface Deployment extends Resource {
    readonly spec: {
      readonly template: {
        readonly spec: {
          readonly containers: readonly {
            readonly env: readonly { readonly name: string; readonly value?: string }[];
          }[];
        };
      };
    };
  }
  const deployment = manifest.find(({ kind }) => kind === "Deployment") as Deployment | undefined;
  const variables = deployment?.spec.template.spec.containers[0]?.env ?? [];
  return Object.fromEntries(
    variables.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}
