import { numberAt } from "./clusterObject.ts";
import type { ClusterObject } from "./clusterObject.ts";

/**
 * Why a Deployment or a DaemonSet is not ready, as text that follows its name; undefined if every pod that it should
 * have is up to date and available, and it has no other.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/#DaemonSetStatus
 */
export function rolloutProblem(object: ClusterObject): string | undefined {
  const status = (field: string) => numberAt(object, "status", field) ?? 0;
  const isDaemonSet = object.kind === "DaemonSet";
  const wanted = isDaemonSet
    ? status("desiredNumberScheduled")
    : (numberAt(object, "spec", "replicas") ?? 1);
  const updated = status(isDaemonSet ? "updatedNumberScheduled" : "updatedReplicas");
  const available = status(isDaemonSet ? "numberAvailable" : "availableReplicas");
  if (status("observedGeneration") < (object.metadata.generation ?? 0)) {
    return "has a change that Kubernetes has not applied yet";
  }
  if (wanted === 0) return "wants no pods";
  if (updated < wanted) return `has ${updated} of ${wanted} pods of its current version`;
  if (available < wanted) return `has ${available} of ${wanted} pods available`;
  const old = isDaemonSet ? 0 : status("replicas") - updated;
  return old > 0 ? `still has ${old} ${old === 1 ? "pod" : "pods"} of an older version` : undefined;
}
