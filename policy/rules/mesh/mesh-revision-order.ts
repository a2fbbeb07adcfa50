import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { knownTexts } from "../../engine/knownTexts.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionOrder = defineRule({
  name: "mesh-revision-order",
  displayName: "The older of two revisions comes first",
  description:
    "During a canary upgrade, the list of revisions starts with the older one: readers take the first for the one that workloads run on.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "Write the older revision first.",
  url: "https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade",
  tags: ["mesh"],
  about: clusters,
  unknown: "nothing",
  *check(cluster) {
    const order = misordered(cluster);
    if (order === undefined) return;
    yield `${cluster.at("revisions").path} is ${order.join(", ")}, the newer revision before the older, and a reader takes the first for the one that workloads run on. Write the older first.`;
  },
  remediate(cluster) {
    const order = cluster.addon === true ? misordered(cluster) : undefined;
    if (order === undefined) return false;
    cluster.at("revisions").write([...order].sort(compareRevisions));
    return true;
  },
});

/** The two revisions of a cluster, where the newer comes first. */
function misordered(cluster: AksCluster) {
  const known = cluster.addon === false ? undefined : knownTexts(cluster.at("revisions"));
  const revisions = known?.filter(isMeshRevision) ?? [];
  const [first, second] = revisions;
  if (first === undefined || second === undefined || known?.length !== 2) return undefined;
  return compareRevisions(first, second) > 0 ? revisions : undefined;
}
