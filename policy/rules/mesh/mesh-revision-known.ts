import { catalog, newestRevision, revisionStatus } from "../../../mesh/catalog.ts";
import { closest } from "../../../text/suggest.ts";
import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const meshRevisionKnown = defineRule({
  name: "mesh-revision-known",
  displayName: "The mesh's revisions exist",
  description: "Every revision that the cluster names is a released revision of the Istio add-on.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set a revision that the region offers, in the form asm-<major>-<minor>: az aks mesh get-revisions --location <region> lists them.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  *check(cluster) {
    if (cluster.addon === false) return;
    const revisions = cluster.at("revisions").items();
    if (revisions instanceof Unknown) yield revisions;
    else {
      for (const place of revisions ?? []) {
        const revision = place.text();
        if (revision instanceof Unknown) yield revision;
        else yield* judged(place.path, revision ?? "");
      }
    }
  },
});

function* judged(path: string, revision: string): Iterable<Finding> {
  switch (revisionStatus(revision)) {
    case "known":
    // Only Azure knows whether it exists: mesh-revision-in-catalog reports it.
    case "newer-than-catalog":
      return;
    case "unknown": {
      const oldest = catalog.revisions[0]?.revision ?? newestRevision();
      yield `${path} is ${revision}, which is not a revision of the add-on. Its revisions are ${oldest} to ${newestRevision()}.${suggestion(revision)}`;
      return;
    }
    case "malformed":
      yield `${path} is ${JSON.stringify(revision)}, which is not a valid revision. Write it as asm-<major>-<minor>, such as ${newestRevision()}.${suggestion(revision)}`;
  }
}

function suggestion(revision: string): string {
  const near = closest(
    revision,
    catalog.revisions.map((entry) => entry.revision),
  );
  return near === undefined ? "" : ` Did you mean ${near}?`;
}
