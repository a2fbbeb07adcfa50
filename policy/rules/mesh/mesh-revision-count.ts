import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { knownTexts } from "../../engine/knownTexts.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionCount = defineRule({
  name: "mesh-revision-count",
  displayName: "The mesh runs one revision, or two during an upgrade",
  description:
    "The Istio add-on has one revision, or two different ones during a canary upgrade: AKS refuses more.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Keep the revision that the workloads run on and, during an upgrade, the one that they move to, the older first.",
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
      yield `${place.path} has ${items.length} revisions, and a mesh runs at most two. Keep the one that the workloads run on and, during an upgrade, the one that they move to.`;
    } else if (distinct.length < known.length) {
      yield `${listed}, twice the same, and a mesh runs each revision once. Keep one of them.`;
    } else {
      const unknown = revisions.find((revision) => revision instanceof Unknown);
      if (unknown !== undefined && items.length > 1) yield unknown;
    }
  },
  // The same revisions are asked for afterwards. Which one of three is meant only the owner of the mesh knows.
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
