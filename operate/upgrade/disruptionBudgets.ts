import { selects } from "../../mesh/labelSelector.ts";
import type { LabelSelector } from "../../mesh/labelSelector.ts";
import { valueAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";

/**
 * The disruption budgets that cover a pod.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/
 */
export function budgetsOf(pod: ClusterObject, state: ClusterState): readonly ClusterObject[] {
  const { namespace, labels = {} } = pod.metadata;
  return state.all("policy/PodDisruptionBudget").filter((budget) => {
    // Without a selector, a budget covers no pod; with an empty one, all of its namespace.
    const selector = valueAt(budget, "spec", "selector");
    return (
      budget.metadata.namespace === namespace &&
      selector !== undefined &&
      selects(selector as LabelSelector, labels)
    );
  });
}
