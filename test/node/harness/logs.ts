import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { Cluster } from "../../real/harness/cluster.ts";
import type { Pod } from "../../real/harness/pods.ts";

/** What a container of a pod has written so far. */
export async function logOf(
  cluster: Cluster,
  { metadata: { name, namespace = "" } }: Pod,
  container: string,
): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  return await config.makeApiClient(CoreV1Api).readNamespacedPodLog({ name, namespace, container });
}
