import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { knownTexts } from "../../engine/knownTexts.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionOrder = defineRule({
  name: "mesh-revision-order",
  displayName: "The mesh's revisions are listed oldest first",
  description:
    "During a canary upgrade, the list of revisions starts with the older one: readers assume that workloads run on the first.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "List the older revision first.",
  url: "https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade",
  tags: ["mesh"],
  about: clusters,
  unknown: "nothing",
  *check(cluster) {
    const order = misordered(cluster);
    if (order === undefined) return;
    yield `${cluster.at("revisions").path} is ${order.join(", ")}, with the newer revision first, but readers assume that workloads run on the first. List the older one first.`;
  },
  remediate(cluster) {
    const order = cluster.addon === true ? misordered(cluster) : undefined;
    if (order === undefined) return false;
    cluster.at("revisions").write([...order].sort(compareRevisions));
    return true;
  },
});

/** The two revisions of a cluster if the newer one comes first. */
function misordered(cluster: AksCluster) {
  const known = cluster.addon === false ? undefined : knownTexts(cluster.at("revisions"));
  const revisions = known?.filter(isMeshRevision) ?? [];
  const [first, second] = revisions;
  if (first === undefined || second === undefined || known?.length !== 2) return undefined;
  return compareRevisions(first, second) > 0 ? revisions : undefined;
}
