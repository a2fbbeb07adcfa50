import type { Cluster, Resource } from "./cluster.ts";

/** One node is enough: nothing runs on it. */
const NODE = "node";
const EVERY_MS = 200;

interface Pod extends Resource {
  readonly metadata: Resource["metadata"] & { readonly deletionTimestamp?: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly { readonly name: string; readonly image: string }[];
    readonly initContainers?: readonly { readonly name: string; readonly image: string }[];
  };
  readonly status: { readonly phase?: string };
}

/**
 * Stands in for the scheduler and the kubelets: reports every pod as running and ready, and releases deleted ones. No
 * container is ever started.
 */
export class Nodes {
  private readonly cluster: Cluster;
  private readonly rounds: Promise<void>;
  private addresses = 0;
  private stopped = false;

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.rounds = this.run();
  }

  static async start(cluster: Cluster): Promise<Nodes> {
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: NODE } };
    await cluster.apply(node);
    const { gitVersion } = await cluster.version();
    await cluster.merge(node, { status: { nodeInfo: { kubeletVersion: gitVersion } } }, "status");
    return new Nodes(cluster);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.rounds;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        for (const pod of await this.cluster.list<Pod>("v1", "Pod")) await this.attend(pod);
      } catch {
        // A pod that was changed or deleted meanwhile is handled in the next round.
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  private async attend(pod: Pod): Promise<void> {
    const object = { ...pod, apiVersion: "v1", kind: "Pod" };
    if (pod.metadata.deletionTimestamp !== undefined) {
      await this.cluster.remove(object, { now: true });
      return;
    }
    if (pod.status.phase === "Running") return;
    if (pod.spec.nodeName === undefined) await this.cluster.bind(object, NODE);
    await this.cluster.merge(object, { status: this.running(pod) }, "status");
  }

  private running(pod: Pod) {
    this.addresses += 1;
    const address = `10.244.${this.addresses >> 8}.${this.addresses & 255}`;
    const now = new Date().toISOString();
    const state = ({ name, image }: { name: string; image: string }) => ({
      name,
      image,
      imageID: image,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: now } },
    });
    return {
      phase: "Running",
      startTime: now,
      podIP: address,
      podIPs: [{ ip: address }],
      conditions: ["Initialized", "ContainersReady", "Ready"].map((type) => ({
        type,
        status: "True",
        lastTransitionTime: now,
      })),
      containerStatuses: pod.spec.containers.map(state),
    };
  }
}
