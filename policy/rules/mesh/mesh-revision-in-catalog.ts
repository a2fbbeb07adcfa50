import { catalog, revisionStatus } from "../../../mesh/catalog.ts";
import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionInCatalog = defineRule({
  name: "mesh-revision-in-catalog",
  displayName: "The mesh's revisions are in the catalog",
  description:
    "No revision of the Istio add-on is newer than the pack's catalog. The rules cannot tell whether a newer revision exists, which Kubernetes versions it supports, or how long Microsoft supports it.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Ask Azure whether the region offers the revision (az aks mesh get-revisions --location <region>), and use a version of the pack whose catalog contains it.",
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
      yield `${place.path} is ${revision}, which is newer than the catalog of ${catalog.asOf}. The pack cannot tell whether it exists and which Kubernetes versions it supports. Ask Azure, and update the catalog.`;
    }
  },
});
