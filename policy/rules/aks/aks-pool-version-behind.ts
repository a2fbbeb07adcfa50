import { OLDER, clustersAndPools, poolVersionFindings } from "../../model/azure/poolVersions.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksPoolVersionBehind = defineRule({
  name: "aks-pool-version-behind",
  displayName: "Node pools run the control plane's Kubernetes version",
  description:
    "Every node pool runs the Kubernetes version of the control plane. AKS allows a pool to be up to three minor versions older, but only for the duration of an upgrade.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set orchestratorVersion of the pool to the version of the control plane once the control plane is upgraded.",
  url: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#what-is-the-allowed-difference-in-versions-between-control-plane-and-node-pool",
  tags: ["aks", "PSRule:Azure.AKS.PoolVersion"],
  about: clustersAndPools,
  unknown: "nothing",
  // Of several clusters, only the whole stack may show which one a pool joins.
  wholeStack: true,
  *check(thing, { stack }) {
    yield* poolVersionFindings(thing, stack, ({ place, version, control, behind }) =>
      behind > 0 && behind <= OLDER
        ? [
            `${place.path} is ${version} and the control plane's version is ${control}. Upgrade the pool when the control plane is done.`,
          ]
        : [],
    );
  },
});
