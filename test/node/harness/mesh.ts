import { REVISION_LABEL } from "../../../mesh/names.ts";
import { AKS } from "../../real/harness/aks.ts";
import { revisionObjects } from "../../real/harness/charts.ts";
import type { Redirection } from "../../real/harness/charts.ts";
import type { Cluster, Resource } from "../../real/harness/cluster.ts";
import { certificateInWebhooks } from "../../real/harness/webhooks.ts";
import { rolledOut } from "../../real/harness/workload.ts";
import { ISTIO_HUB } from "./images.ts";
import { deployed } from "./workloads.ts";

/** What upstream Envoy has no filter for: without each, it refuses the listeners or clusters that istiod pushes. */
const FOR_UPSTREAM_ENVOY = [
  "values.telemetry.enabled=false",
  "values.pilot.env.PILOT_ENABLE_METADATA_EXCHANGE=false",
  "values.pilot.env.PILOT_ENABLE_ALPN_FILTER=false",
];

const FOR_THIS_NODE = [
  `values.global.hub=${ISTIO_HUB}`,
  "values.pilot.autoscaleEnabled=false",
  "values.pilot.resources.requests.cpu=10m",
  "values.pilot.resources.requests.memory=128Mi",
  "values.global.proxy.resources.requests.cpu=10m",
  "values.global.proxy.resources.requests.memory=64Mi",
  "values.cni.cniBinDir=/run/cni/bin",
  "values.cni.cniConfDir=/run/cni/net.d",
  "values.cni.resources.requests.cpu=10m",
];

/** The control plane of a revision that runs in the cluster, as AKS runs it. */
class RunningRevision {
  readonly #name: string;
  readonly #cluster: Cluster;
  readonly #objects: readonly Resource[];

  private constructor(name: string, cluster: Cluster, objects: readonly Resource[]) {
    this.#name = name;
    this.#cluster = cluster;
    this.#objects = objects;
  }

  /** Resolves once it injects sidecars. */
  static async start(
    cluster: Cluster,
    istioctl: string,
    name: string,
    redirection: Redirection,
  ): Promise<RunningRevision> {
    const objects = await revisionObjects(istioctl, {
      name,
      redirection,
      namespace: AKS.controlPlaneNamespace,
      values: [
        ...FOR_UPSTREAM_ENVOY,
        ...FOR_THIS_NODE,
        `values.pilot.env.SHARED_MESH_CONFIG=${AKS.sharedConfigMap(name)}`,
      ],
    });
    await cluster.applyAll(objects);
    cluster.forgetKinds();
    const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
    for (const deployment of ofKind("Deployment")) await rolledOut(cluster, deployment);
    for (const kind of ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]) {
      for (const webhooks of ofKind(kind)) await certificateInWebhooks(cluster, webhooks);
    }
    return new RunningRevision(name, cluster, objects);
  }

  /** Deletes what is its own, as AKS does to a revision that left its list. */
  async remove(): Promise<void> {
    for (const object of this.#objects) {
      if (object.metadata.name.includes(this.#name)) await this.#cluster.remove(object);
    }
  }
}

/** The revisions of the add-on that run in the cluster, each with its ingress gateway. */
export class Mesh {
  readonly #cluster: Cluster;
  readonly #istioctl: string;
  readonly #redirection: Redirection;
  readonly #running = new Map<string, RunningRevision>();

  constructor(cluster: Cluster, istioctl: string, redirection: Redirection) {
    this.#cluster = cluster;
    this.#istioctl = istioctl;
    this.#redirection = redirection;
  }

  /** Runs these revisions and no others, as AKS does with those of a cluster. */
  async follow(revisions: readonly string[]): Promise<void> {
    for (const [name, revision] of this.#running) {
      if (revisions.includes(name)) continue;
      for (const object of gateway(name)) {
        if (object.kind === "Deployment") await this.#cluster.remove(object);
      }
      await revision.remove();
      this.#running.delete(name);
    }
    for (const name of revisions) {
      if (this.#running.has(name)) continue;
      const args = [this.#cluster, this.#istioctl, name, this.#redirection] as const;
      this.#running.set(name, await RunningRevision.start(...args));
      await deployed(this.#cluster, gateway(name));
    }
  }
}

/** The internal ingress gateway of a revision: all of them are behind the one Service that AKS has. */
function gateway(revision: string): readonly Resource[] {
  const metadata = { name: AKS.internalGateway, namespace: AKS.ingressNamespace };
  const labels = { istio: AKS.internalGateway, [REVISION_LABEL]: revision };
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "watch", "list"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef,
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { ...metadata, name: `${metadata.name}-${revision}`, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: {
            annotations: { "inject.istio.io/templates": "gateway" },
            labels: { ...labels, "sidecar.istio.io/inject": "true" },
          },
          spec: {
            serviceAccountName: metadata.name,
            containers: [
              {
                name: "istio-proxy",
                image: "auto",
                // An image without a tag is always pulled by default, and there is nowhere to pull it from.
                imagePullPolicy: "IfNotPresent",
                ports: [{ containerPort: 80 }, { containerPort: 443 }],
              },
            ],
          },
        },
      },
    },
  ];
}
