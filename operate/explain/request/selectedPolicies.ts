import { listAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { ROOT_NAMESPACE, namespaceOf, selectsWorkload } from "./objects.ts";
import type { Party } from "./request.ts";

/**
 * The label that Istio gives the pods of a Gateway of the Gateway API.
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-1762/
 */
export const GATEWAY_NAME_LABEL = "gateway.networking.k8s.io/gateway-name";

/**
 * The policies that apply to a workload: those of its namespace and of the whole mesh whose selector selects it. A policy
 * with `targetRefs` applies only to the gateways of its namespace that it names.
 *
 * @see https://github.com/istio/istio/blob/master/pilot/pkg/model/policyattachment.go
 */
export function selectedPolicies(
  policies: readonly ClusterObject[],
  { namespace, labels }: Party,
): readonly ClusterObject[] {
  const gateway = labels[GATEWAY_NAME_LABEL];
  return policies
    .filter((policy) => [namespace, ROOT_NAMESPACE].includes(namespaceOf(policy)))
    .filter((policy) => {
      const targets = [
        ...listAt(policy, "spec", "targetRefs"),
        ...[valueAt(policy, "spec", "targetRef")].filter((one) => one !== undefined),
      ];
      if (targets.length === 0) {
        return selectsWorkload(policy, labels, "spec", "selector", "matchLabels");
      }
      return targets.some(
        (target) =>
          textAt(target, "kind") === "Gateway" &&
          textAt(target, "name") === gateway &&
          namespaceOf(policy) === namespace,
      );
    });
}
