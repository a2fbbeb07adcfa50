import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { knownTexts } from "../../engine/knownTexts.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionCount = defineRule({
  name: "mesh-revision-count",
  displayName: "The mesh runs one revision, or two during an upgrade",
  description:
    "The Istio add-on has one revision, or two different ones during a canary upgrade: AKS rejects more.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Keep the revision that the workloads run on and, during an upgrade, the one that they move to. List the older one first.",
  url: "https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  *check(cluster) {
    if (cluster.addon === false) return;
    const place = cluster.at("revisions");
    const items = place.items();
    if (items === undefined) return;
    if (items instanceof Unknown) {
      yield items;
      return;
    }
    const revisions = items.map((item) => item.text());
    const known = revisions.filter((revision) => typeof revision === "string");
    const distinct = [...new Set(known)];
    const listed = `${place.path} is ${known.join(", ")}`;
    if (items.length > 2) {
      yield `${place.path} has ${items.length} revisions, but a mesh runs at most two. Keep the one that the workloads run on and, during an upgrade, the one that they move to.`;
    } else if (distinct.length < known.length) {
      yield `${listed}, but a mesh runs each revision once. Remove the duplicate.`;
    } else {
      const unknown = revisions.find((revision) => revision instanceof Unknown);
      if (unknown !== undefined && items.length > 1) yield unknown;
    }
  },
  // Without duplicates, the list requests the same revisions. Only the owner of the mesh knows which of three to remove.
  remediate(cluster) {
    const place = cluster.at("revisions");
    const known = knownTexts(place);
    if (cluster.addon !== true || known === undefined) return false;
    const mended = [...new Set(known)];
    if (mended.length > 2 || mended.join() === known.join()) return false;
    place.write(mended);
    return true;
  },
});
