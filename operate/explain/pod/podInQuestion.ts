import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { labelOf } from "../../cluster/clusterObject.ts";
import type { ClusterState } from "../../cluster/clusterState.ts";
import { isActive, workloadOf } from "../../cluster/workload.ts";

/** A pod, or what creates pods, with what is known of its surroundings. */
export interface PodInQuestion {
  /** A pod, or an object with a template. */
  readonly object: ClusterObject;
  /** Undefined if it is not known. */
  readonly namespace: ClusterObject | undefined;
  /** The pods that exist; undefined if they were not read. */
  readonly pods: readonly ClusterObject[] | undefined;
}

/** The pod or workload with its namespace and its pods, all from the cluster. */
export function inCluster(object: ClusterObject, state: ClusterState): PodInQuestion {
  return { object, namespace: namespaceIn(state, object), pods: podsOf(object, state) };
}

/** The namespace of an object; undefined if it does not exist or was not read. */
export function namespaceIn(
  state: ClusterState,
  { metadata }: ClusterObject,
): ClusterObject | undefined {
  if (state.notRead("Namespace") !== undefined) return undefined;
  return state.all("Namespace").find(({ metadata: { name } }) => name === metadata.namespace);
}

/** The pods that run, or will; undefined if they were not read. */
export function podsOf(
  object: ClusterObject,
  state: ClusterState,
): readonly ClusterObject[] | undefined {
  if (object.kind === "Pod") return [object];
  if (state.notRead("Pod") !== undefined) return undefined;
  return state.all("Pod").filter((pod) => {
    const workload = workloadOf(pod);
    return (
      workload !== undefined &&
      isActive(pod) &&
      labelOf(object) === `${workload.kind} ${workload.namespace}/${workload.name}`
    );
  });
}
