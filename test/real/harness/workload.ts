import type { Cluster, Resource } from "./cluster.ts";
import type { Pod } from "./pods.ts";
import { waitFor } from "./waitFor.ts";

/** A Deployment of two pods, minimal but valid for Kubernetes. */
export function workload(namespace: string, name = "app"): Resource {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name, image: "registry.invalid/app" }] },
      },
    },
  };
}

/** Replaces every pod of a Deployment, as `kubectl rollout restart` does. */
export async function restart(cluster: Cluster, deployment: Resource): Promise<void> {
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  await cluster.merge(deployment, { spec: { template: { metadata: { annotations } } } });
  await rolledOut(cluster, deployment);
}

interface Status extends Resource {
  readonly metadata: Resource["metadata"] & { readonly generation: number };
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  };
  readonly status?: Readonly<
    Partial<
      Record<"observedGeneration" | "replicas" | "updatedReplicas" | "availableReplicas", number>
    >
  >;
}

/** Resolves to the pods of a Deployment once all of them match its current template. */
export async function rolledOut(cluster: Cluster, deployment: Resource): Promise<readonly Pod[]> {
  const { apiVersion, kind, metadata } = deployment;
  const { name, namespace = "" } = metadata;
  return await waitFor(`${namespace}/${name} to be rolled out`, async () => {
    const now = await cluster.find<Status>(apiVersion, kind, name, namespace);
    const wanted = now?.spec.replicas;
    const { observedGeneration, replicas, updatedReplicas, availableReplicas } = now?.status ?? {};
    const done =
      observedGeneration === now?.metadata.generation &&
      [replicas, updatedReplicas, availableReplicas].every((count) => count === wanted);
    if (!done) throw new Error(JSON.stringify(now?.status));
    const selector = Object.entries(now?.spec.selector.matchLabels ?? {});
    const labels = selector.map(([label, value]) => `${label}=${value}`).join();
    const pods = await cluster.list<Pod>("v1", "Pod", { namespace, labels });
    return pods.length === wanted && pods;
  });
}
