import { REVISION_LABEL } from "../../../mesh/names.ts";
import { AKS } from "../../real/harness/aks.ts";
import { revisionObjects } from "../../real/harness/charts.ts";
import type { Redirection } from "../../real/harness/charts.ts";
import type { Cluster, Resource } from "../../real/harness/cluster.ts";
import { certificateInWebhooks } from "../../real/harness/webhooks.ts";
import type { Pod } from "../../real/harness/pods.ts";
import { waitFor } from "../../real/harness/waitFor.ts";
import { restart, rolledOut } from "../../real/harness/workload.ts";
import { gatewayPods } from "./gateway.ts";
import { IMAGES, ISTIO_HUB, patched } from "./images.ts";
import { deployed } from "./workloads.ts";

/** Turns off features whose filters upstream Envoy lacks: it would reject listeners or clusters that istiod pushes. */
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

interface RevisionOptions {
  readonly name: string;
  readonly redirection: Redirection;
  /** The tag of the revision's images. */
  readonly tag: string;
}

/** The control plane of a revision, run in the cluster as AKS runs it. */
class RunningRevision {
  readonly #cluster: Cluster;
  readonly #istioctl: string;
  readonly #options: RevisionOptions;
  readonly #objects: readonly Resource[];

  private constructor(
    cluster: Cluster,
    istioctl: string,
    options: RevisionOptions,
    objects: readonly Resource[],
  ) {
    this.#cluster = cluster;
    this.#istioctl = istioctl;
    this.#options = options;
    this.#objects = objects;
  }

  /** Resolves once it injects sidecars. */
  static async start(
    cluster: Cluster,
    istioctl: string,
    options: RevisionOptions,
  ): Promise<RunningRevision> {
    const { name, redirection, tag } = options;
    const objects = await revisionObjects(istioctl, {
      name,
      redirection,
      namespace: AKS.controlPlaneNamespace,
      values: [
        ...FOR_UPSTREAM_ENVOY,
        ...FOR_THIS_NODE,
        `values.global.tag=${tag}`,
        `values.pilot.env.SHARED_MESH_CONFIG=${AKS.sharedConfigMap(name)}`,
      ],
    });
    await startCni(cluster, objects.filter(isOfCni));
    await cluster.applyAll(objects.filter((object) => !isOfCni(object)));
    const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
    for (const deployment of ofKind("Deployment")) await rolledOut(cluster, deployment);
    for (const kind of ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]) {
      for (const webhooks of ofKind(kind)) await certificateInWebhooks(cluster, webhooks);
    }
    await injects(cluster, options);
    return new RunningRevision(cluster, istioctl, options, objects);
  }

  /** Resolves once it injects sidecars according to the changed options. */
  async change(change: Partial<RevisionOptions>): Promise<RunningRevision> {
    const options = { ...this.#options, ...change };
    return await RunningRevision.start(this.#cluster, this.#istioctl, options);
  }

  /** Deletes the revision's own objects, as AKS does when a revision is removed from the list. */
  async remove(): Promise<void> {
    for (const object of this.#objects) {
      if (object.metadata.name.includes(this.#options.name)) await this.#cluster.remove(object);
    }
  }
}

/** istiod reads its template some time after it is applied. */
async function injects(
  cluster: Cluster,
  { name, redirection, tag }: RevisionOptions,
): Promise<void> {
  const initContainer = { cni: "istio-validation", "init-container": "istio-init" }[redirection];
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "tried",
      namespace: AKS.ingressNamespace,
      labels: { "sidecar.istio.io/inject": "true", [REVISION_LABEL]: name },
    },
    spec: { containers: [{ name: "app", image: IMAGES.podinfo }] },
  };
  await waitFor(`${name} to inject ${initContainer} of ${tag}`, async () => {
    const { spec } = await cluster.create<Pod>(pod, { dryRun: true });
    return spec.initContainers?.some(
      (each) => each.name === initContainer && each.image.endsWith(`:${tag}`),
    );
  });
}

/** The objects of Istio CNI, which all revisions share. */
function isOfCni({ metadata: { name } }: Resource): boolean {
  return name.startsWith("istio-cni");
}

const CNI_DAEMON_SET: Resource = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "istio-cni-node", namespace: AKS.controlPlaneNamespace },
};

interface DaemonSet extends Resource {
  readonly status?: { readonly desiredNumberScheduled: number; readonly numberReady: number };
}

/** Resolves once it runs on the node. AKS updates it separately from the revisions, so a running one stays. */
async function startCni(cluster: Cluster, objects: readonly Resource[]): Promise<void> {
  if (objects.length === 0) return;
  const { apiVersion, kind, metadata } = CNI_DAEMON_SET;
  const find = () => cluster.find<DaemonSet>(apiVersion, kind, metadata.name, metadata.namespace);
  if ((await find()) === undefined) await cluster.applyAll(objects);
  await waitFor("Istio CNI to run on the node", async () => {
    const { status } = (await find()) ?? {};
    return status?.desiredNumberScheduled === 1 && status.numberReady === 1;
  });
}

/** The running revisions of the add-on, each with its ingress gateway. */
export class Mesh {
  readonly #cluster: Cluster;
  readonly #istioctl: string;
  #redirection: Redirection;
  readonly #running = new Map<string, RunningRevision>();

  constructor(cluster: Cluster, istioctl: string, redirection: Redirection) {
    this.#cluster = cluster;
    this.#istioctl = istioctl;
    this.#redirection = redirection;
  }

  /** Runs these revisions and no others, as AKS does with the revisions in a cluster's settings. */
  async follow(revisions: readonly string[]): Promise<void> {
    if (revisions.length === 0) await this.#cluster.remove(CNI_DAEMON_SET);
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
      const options = { name, redirection: this.#redirection, tag: name };
      const revision = await RunningRevision.start(this.#cluster, this.#istioctl, options);
      this.#running.set(name, revision);
      await deployed(this.#cluster, gateway(name));
    }
  }

  /** Changes how traffic of new pods is redirected, as `az aks mesh proxy-redirection-mechanism` does. */
  async redirectBy(redirection: Redirection): Promise<void> {
    this.#redirection = redirection;
    for (const [name, revision] of this.#running) {
      this.#running.set(name, await revision.change({ redirection }));
    }
  }

  /** Replaces istiod and the gateway of each revision with those of a patch, as AKS does. */
  async patch(): Promise<void> {
    for (const [name, revision] of this.#running) {
      this.#running.set(name, await revision.change({ tag: patched(name) }));
      for (const object of gateway(name)) {
        if (object.kind === "Deployment") await restart(this.#cluster, object);
      }
    }
  }
}

/** The internal ingress gateway of a revision. AKS has one Service for the gateways of all revisions. */
function gateway(revision: string): readonly Resource[] {
  const metadata = { name: AKS.internalGateway, namespace: AKS.ingressNamespace };
  return gatewayPods(metadata, `${metadata.name}-${revision}`, { [REVISION_LABEL]: revision });
}
