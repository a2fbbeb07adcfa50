import { OLDER, clustersAndPools, poolVersionFindings } from "../../model/azure/poolVersions.ts";
import type { PoolVersion } from "../../model/azure/poolVersions.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const aksPoolVersionSkew = defineRule({
  name: "aks-pool-version-skew",
  displayName: "Node pools run a Kubernetes version that the control plane supports",
  description:
    "Every node pool runs the control plane's Kubernetes version, or one that is at most three minor versions older. AKS rejects any other version.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set every pool to the cluster's version. To upgrade, raise the cluster's kubernetesVersion first, and the orchestratorVersion of its pools in the next deployment.",
  url: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#what-is-the-allowed-difference-in-versions-between-control-plane-and-node-pool",
  tags: ["aks", "PSRule:Azure.AKS.PoolVersion"],
  about: clustersAndPools,
  unknown: "unjudged",
  // If there are several clusters, only the whole stack shows which one a pool joins.
  wholeStack: true,
  *check(target, { stack }) {
    yield* poolVersionFindings(target, stack, checkSkew);
  },
});

function* checkSkew({ place, version, control, behind }: PoolVersion): Iterable<Finding> {
  const both = `${place.path} is ${version}, but the control plane runs ${control}`;
  if (behind < 0) {
    yield `${both}. A node pool cannot be newer than the control plane. Raise the cluster's kubernetesVersion first.`;
  } else if (behind > OLDER) {
    yield `${both}. A node pool can be at most ${OLDER} minor versions older. Upgrade the pool first.`;
  }
}
