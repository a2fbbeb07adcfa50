import { revisionStatus } from "../../../mesh/catalog.ts";
import { REVISION_LABEL } from "../../../mesh/names.ts";
import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { gateways, namespaces, podTemplates } from "../../model/kubernetes/objects.ts";
import { inDoubt, unseenSourcesClusterWide } from "../../model/opaque.ts";
import { anyOf } from "../../engine/resource.ts";
import { outcomeOfLabel, revisionsOf } from "../../model/istio/revisionLabel.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";

export const nsRevisionOnCluster = defineRule({
  name: "ns-revision-on-cluster",
  displayName: "istio.io/rev names a revision of the cluster",
  description:
    "The label istio.io/rev of a namespace, a pod or a Gateway names a revision that its cluster runs, or a tag of one: otherwise no sidecar is injected, and no error appears.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set istio.io/rev to a revision in the cluster's serviceMeshProfile. Where the cluster or the tag is set up elsewhere, set revisions or revisionTags for mesh-scope in the policy pack's configuration.",
  url: "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/istio-add-on-minor-revision-upgrade",
  tags: ["ns"],
  about: anyOf(namespaces, podTemplates, gateways),
  unknown: "violation",
  wholeStack: true,
  *check(object, { stack }) {
    const place = object.at("metadata", "labels", REVISION_LABEL);
    const wanted = place.text();
    if (wanted === undefined) return;
    // A later resource may still set up a tag of that name.
    if (!stack.complete && typeof wanted === "string" && !isMeshRevision(wanted)) return;
    const clusters = stack.clustersOf(object.resource);
    const receptions = clusters.map((cluster) => outcomeOfLabel(wanted, cluster, stack));
    if (receptions.length === 0 || receptions.includes("accepted")) return;

    const unknown = receptions.find((reception) => reception instanceof Unknown);
    if (unknown !== undefined) yield unknown;
    else if (!receptions.includes("undecided")) {
      const mayBeTag = typeof wanted === "string" && !isMeshRevision(wanted);
      const unseen = mayBeTag ? unseenSourcesClusterWide(object, stack) : [];
      if (unseen.length > 0) {
        yield inDoubt(
          unseen,
          `a webhook by which ${JSON.stringify(wanted)}, the value of ${place.path}, is a revision tag`,
          `If something else sets up the tag, name it in revisionTags of mesh-scope, with its revision. Otherwise set the label to a revision of ${described(clusters, stack)}.`,
        );
        return;
      }
      const newest = newestOf(clusters, stack);
      const fix = newest === undefined ? "" : ` Set it to ${newest}.`;
      const otherwise = mayBeTag
        ? " Where something else sets up such a tag, name it in revisionTags of mesh-scope."
        : "";
      yield `${place.path} is ${JSON.stringify(wanted)}, which is no revision and no tag of ${described(clusters, stack)}, so that nothing is injected.${fix}${otherwise}`;
    } else if (typeof wanted === "string" && revisionStatus(wanted) === "unknown") {
      yield `${place.path} is ${JSON.stringify(wanted)}, a revision that the add-on never had, so that nothing is injected on any cluster. Set it to one that the cluster runs.`;
    } else if (stack.complete && typeof wanted === "string") {
      // Only now: what AKS has chosen already comes with the whole stack.
      const names = clusters.map(({ label }) => label).join(" and ");
      yield new NotJudged(
        `nothing says which revisions ${names} runs, to compare ${place.path} with. Name them in its serviceMeshProfile, or as revisions of mesh-scope in the policy pack's configuration.`,
      );
    }
  },
});

/** The clusters with what they run: `ManagedCluster "orders" (asm-1-29, asm-1-30)`. */
function described(clusters: readonly Cluster[], stack: Stack): string {
  return clusters
    .map((cluster) => `${cluster.label} (${known(cluster, stack).join(", ")})`)
    .join(" or ");
}

function newestOf(clusters: readonly Cluster[], stack: Stack): string | undefined {
  return clusters
    .flatMap((cluster) => known(cluster, stack))
    .filter(isMeshRevision)
    .sort(compareRevisions)
    .at(-1);
}

function known(cluster: Cluster, stack: Stack): readonly string[] {
  const revisions = revisionsOf(cluster, stack);
  return revisions === undefined || revisions instanceof Unknown
    ? []
    : revisions.filter((revision) => typeof revision === "string");
}
