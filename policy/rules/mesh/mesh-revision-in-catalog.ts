import { catalog, revisionStatus } from "../../../mesh/catalog.ts";
import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionInCatalog = defineRule({
  name: "mesh-revision-in-catalog",
  displayName: "The catalog contains the mesh's revisions",
  description:
    "No revision of the Istio add-on is newer than the pack's catalog: for a newer one, the rules do not know whether it exists, which Kubernetes versions it supports, and how long it is supported.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Ask Azure whether the region offers the revision (az aks mesh get-revisions --location <region>), and use a version of the pack whose catalog has it.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar",
  tags: ["mesh"],
  about: clusters,
  unknown: "nothing",
  *check(cluster) {
    const revisions = cluster.at("revisions").items();
    if (cluster.addon === false || revisions === undefined || revisions instanceof Unknown) return;
    for (const place of revisions) {
      const revision = place.text();
      if (typeof revision !== "string") continue;
      if (revisionStatus(revision) !== "newer-than-catalog") continue;
      yield `${place.path} is ${revision}, newer than the catalog of ${catalog.asOf}, so that nothing can say whether it exists and what it runs on. Ask Azure, and update the catalog.`;
    }
  },
});
