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
    "Once the control plane is upgraded, set the pool's orchestratorVersion to the version of the control plane.",
  url: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#what-is-the-allowed-difference-in-versions-between-control-plane-and-node-pool",
  tags: ["aks", "PSRule:Azure.AKS.PoolVersion"],
  about: clustersAndPools,
  unknown: "nothing",
  // If there are several clusters, only the whole stack shows which one a pool joins.
  wholeStack: true,
  *check(target, { stack }) {
    yield* poolVersionFindings(target, stack, ({ place, version, control, behind }) =>
      behind > 0 && behind <= OLDER
        ? [
            `${place.path} is ${version}, but the control plane runs ${control}. Upgrade the pool once the control plane is upgraded.`,
          ]
        : [],
    );
  },
});
