import { kubernetesMinor } from "../../../mesh/catalog.ts";
import { AksCluster, clusters } from "../../lib/cluster.ts";
import { mayBelongTo } from "../../lib/clusterParts.ts";
import { Unknown } from "../../lib/cursor.ts";
import { inlineNodePools, nodePools } from "../../lib/nodePools.ts";
import type { NodePool } from "../../lib/nodePools.ts";
import { anyOf } from "../../lib/resource.ts";
import { Advice, defineRule } from "../../lib/rule.ts";
import type { Finding } from "../../lib/rule.ts";

/** How many minor versions nodes may be older than the control plane. */
const OLDER = 3;

export const aksPoolVersionSkew = defineRule<AksCluster | NodePool>({
  name: "aks-pool-version-skew",
  displayName: "Node pools run the cluster's Kubernetes version",
  description:
    "No node pool is newer than the control plane or more than three minor versions older, which AKS refuses; outside of an upgrade all have its version.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give every pool the version of the cluster. To upgrade, raise kubernetesVersion of the cluster first, and orchestratorVersion of its pools in the next deployment.",
  url: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#what-is-the-allowed-difference-in-versions-between-control-plane-and-node-pool",
  tags: ["aks", "PSRule:Azure.AKS.PoolVersion"],
  about: anyOf<AksCluster | NodePool>(clusters, nodePools),
  unknown: "advice",
  // Of several clusters, only the whole stack may show which one a pool joins.
  wholeStack: true,
  *check(thing, { stack }) {
    if (thing instanceof AksCluster) {
      const own = inlineNodePools(thing);
      for (const pool of own instanceof Unknown ? [] : own) yield* skew(pool, thing);
      return;
    }
    // Where it may join one of several, it is wrong only if it is with each.
    const findings = stack
      .all(clusters)
      .filter((cluster) => mayBelongTo(cluster, thing.resource, stack))
      .map((cluster) => [...skew(thing, cluster)]);
    if (findings.every((found) => found.length > 0)) yield* findings[0] ?? [];
  },
});

function* skew(pool: NodePool, cluster: AksCluster): Iterable<Finding> {
  const place = pool.at("version");
  const [version, control] = [place.text(), cluster.at("kubernetesVersion").text()];
  // A pool without a version is made with the cluster's.
  if (version === undefined || control === undefined) return;
  if (version instanceof Unknown || control instanceof Unknown) {
    if (version instanceof Unknown) yield version;
    return;
  }
  const [minor, of] = [kubernetesMinor(version), kubernetesMinor(control)];
  if (minor === undefined || of === undefined || minor === of) return;
  const both = `${place.path} is ${version} and the control plane's version is ${control}`;
  if (minor > of) {
    yield `${both}: nodes are never newer. Raise kubernetesVersion of the cluster first.`;
  } else if (of - minor > OLDER) {
    yield `${both}: nodes are at most ${OLDER} minor versions older. Upgrade the pool first.`;
  } else {
    yield new Advice(
      `${both}. That is meant for the time of an upgrade; upgrade the pool when the control plane is done.`,
    );
  }
}
