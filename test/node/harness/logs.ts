import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { Cluster } from "../../real/harness/cluster.ts";
import type { Pod } from "../../real/harness/pods.ts";

/** The log of a pod's container so far. */
export async function logOf(
  cluster: Cluster,
  { metadata: { name, namespace = "" } }: Pod,
  container: string,
): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  return await config.makeApiClient(CoreV1Api).readNamespacedPodLog({ name, namespace, container });
}
