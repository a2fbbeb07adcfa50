import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import { clusters } from "../../lib/cluster.ts";
import { Unknown } from "../../lib/cursor.ts";
import type { Cursor, Read } from "../../lib/cursor.ts";
import { Advice, defineRule } from "../../lib/rule.ts";

export const meshRevisionCount = defineRule({
  name: "mesh-revision-count",
  displayName: "The mesh runs one revision, or two while it is upgraded",
  description:
    "The Istio add-on has one revision, or two different ones while a canary upgrade is under way: AKS refuses more.",
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
      else if (sorted(distinct).join() !== distinct.join()) {
        yield new Advice(
          `${listed}, the newer revision before the older, and a reader takes the first for the one that workloads run on. Write the older first.`,
        );
      }
    }
  },
  // The same revisions are asked for afterwards. Which one of three is meant only the owner of the mesh knows.
  remediate(cluster) {
    const place = cluster.at("revisions");
    const known = texts(place);
    if (cluster.addon !== true || known === undefined) return false;
    const mended = sorted([...new Set(known)]);
    if (mended.length > 2 || mended.join() === known.join()) return false;
    place.write(mended);
    return true;
  },
});

/** The older revision first, where both are revisions. */
function sorted(revisions: readonly string[]): readonly string[] {
  return revisions.every(isMeshRevision) ? [...revisions].sort(compareRevisions) : revisions;
}

/** A list of texts, all of them known; absent where it is anything else. */
function texts(place: Cursor): readonly string[] | undefined {
  const items: Read<readonly Cursor[]> = place.items();
  if (items === undefined || items instanceof Unknown) return undefined;
  const read = items.map((item) => item.text()).filter((text) => typeof text === "string");
  return read.length === items.length ? read : undefined;
}
