import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { endOfSupport } from "../../model/istio/endOfSupport.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionPatched = defineRule({
  name: "mesh-revision-patched",
  displayName: "The mesh's revision receives patches",
  description:
    "On the day of the preview, Microsoft supports the newest revision that the cluster names: an unsupported revision receives no patches.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Upgrade the mesh: az aks mesh get-upgrades lists the revisions to upgrade to. If the catalog only expects the end of support, ask Azure first.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar",
  tags: ["mesh"],
  about: clusters,
  unknown: "unjudged",
  *check(cluster, { stack }) {
    if (cluster.addon !== true) return;
    const { today } = stack.scope;
    const support = endOfSupport(cluster, today);
    if (support instanceof Unknown) yield support;
    if (support === undefined || support instanceof Unknown) return;
    const has = `${cluster.at("revisions").path} has ${support.revision}`;
    yield support.certain
      ? `${has}, whose support ended after ${support.end}. It no longer receives patches. Upgrade the mesh.`
      : `${has}, whose support was expected to end after ${support.end}, and today is ${today}. Ask Azure which revisions it offers now, upgrade the mesh, and update the catalog.`;
  },
});
