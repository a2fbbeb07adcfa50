import { OLDER, clustersAndPools, poolVersionFindings } from "../../model/azure/poolVersions.ts";
import type { PoolVersion } from "../../model/azure/poolVersions.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const aksPoolVersionSkew = defineRule({
  name: "aks-pool-version-skew",
  displayName: "Node pools run a Kubernetes version that the control plane supports",
  description:
    "No node pool is newer than the control plane, or more than three minor versions older: AKS refuses both.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give every pool the version of the cluster. To upgrade, raise kubernetesVersion of the cluster first, and orchestratorVersion of its pools in the next deployment.",
  url: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#what-is-the-allowed-difference-in-versions-between-control-plane-and-node-pool",
  tags: ["aks", "PSRule:Azure.AKS.PoolVersion"],
  about: clustersAndPools,
  unknown: "unjudged",
  // Of several clusters, only the whole stack may show which one a pool joins.
  wholeStack: true,
  *check(thing, { stack }) {
    yield* poolVersionFindings(thing, stack, skew);
  },
});

function* skew({ place, version, control, behind }: PoolVersion): Iterable<Finding> {
  const both = `${place.path} is ${version} and the control plane's version is ${control}`;
  if (behind < 0) {
    yield `${both}: nodes are never newer. Raise kubernetesVersion of the cluster first.`;
  } else if (behind > OLDER) {
    yield `${both}: nodes are at most ${OLDER} minor versions older. Upgrade the pool first.`;
  }
}
