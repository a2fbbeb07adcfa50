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
    "Set istio.io/rev to a revision in the cluster's serviceMeshProfile. If the cluster or the tag is set up elsewhere, set revisions or revisionTags of mesh-scope in the policy pack's configuration.",
  url: "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/istio-add-on-minor-revision-upgrade",
  tags: ["ns"],
  about: anyOf(namespaces, podTemplates, gateways),
  unknown: "violation",
  wholeStack: true,
  *check(object, { stack }) {
    const place = object.at("metadata", "labels", REVISION_LABEL);
    const wanted = place.text();
    if (wanted === undefined) return;
    // A resource that is registered later may still create a tag of that name.
    if (!stack.complete && typeof wanted === "string" && !isMeshRevision(wanted)) return;
    const clusters = stack.clustersOf(object.resource);
    const outcomes = clusters.map((cluster) => outcomeOfLabel(wanted, cluster, stack));
    if (outcomes.length === 0 || outcomes.includes("accepted")) return;

    const unknown = outcomes.find((outcome) => outcome instanceof Unknown);
    if (unknown !== undefined) yield unknown;
    else if (!outcomes.includes("undecided")) {
      const mayBeTag = typeof wanted === "string" && !isMeshRevision(wanted);
      const unseen = mayBeTag ? unseenSourcesClusterWide(object, stack) : [];
      if (unseen.length > 0) {
        yield inDoubt(
          unseen,
          `a webhook that makes ${JSON.stringify(wanted)}, the value of ${place.path}, a revision tag`,
          `If something else creates the tag, add it with its revision to revisionTags of mesh-scope. Otherwise set the label to a revision of ${described(clusters, stack)}.`,
        );
        return;
      }
      const newest = newestOf(clusters, stack);
      const fix = newest === undefined ? "" : ` Set it to ${newest}.`;
      const otherwise = mayBeTag
        ? " If something else creates such a tag, add it to revisionTags of mesh-scope."
        : "";
      yield `${place.path} is ${JSON.stringify(wanted)}, which is neither a revision nor a tag of ${described(clusters, stack)}, so no sidecars are injected.${fix}${otherwise}`;
    } else if (typeof wanted === "string" && revisionStatus(wanted) === "unknown") {
      yield `${place.path} is ${JSON.stringify(wanted)}, which is not a revision of the add-on, so no cluster injects sidecars for it. Set it to a revision that the cluster runs.`;
    } else if (stack.complete && typeof wanted === "string") {
      // Not earlier: only the complete stack shows the revisions that AKS has chosen.
      const names = clusters.map(({ label }) => label).join(" and ");
      yield new NotJudged(
        `the revisions of ${names} are not known, so ${place.path} cannot be checked. Set them in its serviceMeshProfile, or as revisions of mesh-scope in the policy pack's configuration.`,
      );
    }
  },
});

/** The clusters with the revisions that they run: `ManagedCluster "orders" (asm-1-29, asm-1-30)`. */
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
