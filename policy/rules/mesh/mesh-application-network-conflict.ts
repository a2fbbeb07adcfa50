import { NotJudged } from "../../engine/finding.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { azureNative } from "../../model/azure/azureNative.ts";
import { allUseAddon, clusters } from "../../model/azure/cluster.ts";
import { mayBelongTo } from "../../model/azure/clusterParts.ts";

/** The two sides of a membership in Azure Kubernetes Application Network: of the cluster, and of the network. */
const MEMBERSHIPS = [
  azureNative("containerservice", "MeshMembership"),
  azureNative("applink", "AppLinkMember"),
];

const memberships: TargetKind<Target> = {
  type: "azure-native:containerservice:MeshMembership",
  matches: (type) => MEMBERSHIPS.some((token) => token.test(type)),
  in: (resource) => [{ resource, label: resource.inputs.owner }],
};

export const meshApplicationNetworkConflict = defineRule({
  name: "mesh-application-network-conflict",
  displayName: "The cluster is not a member of an Application Network",
  description:
    "A cluster with the Istio add-on is not connected to Azure Kubernetes Application Network, which runs an ambient mesh of its own: Microsoft supports only one of the two on a cluster. Whether AKS rejects the combination is not documented.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Remove the membership, or disable the Istio add-on of the cluster after you have moved its workloads.",
  url: "https://learn.microsoft.com/azure/application-network/overview",
  tags: ["mesh"],
  about: memberships,
  unknown: "unjudged",
  wholeStack: true,
  *check({ resource }, { stack }) {
    if (!stack.complete) return;
    const on = clustersOf(resource, stack);
    if (on.length > 1 && allUseAddon(on) === false && on.some(({ addon }) => addon === true)) {
      yield new NotJudged(
        `the cluster of the membership is known only once it is deployed. Make sure that it does not have the Istio add-on.`,
      );
      return;
    }
    yield* ifTrue(allUseAddon(on), () => [
      `it connects ${on.map(({ label }) => label).join(" or ")}, which has the Istio add-on, to an Application Network, but Microsoft supports only one of the two on a cluster. Remove the membership, or disable the add-on.`,
    ]);
  },
});

function clustersOf(resource: Target["resource"], stack: Stack) {
  return stack.all(clusters).filter((cluster) => mayBelongTo(cluster, resource, stack));
}
