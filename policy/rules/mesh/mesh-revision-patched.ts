import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { endOfSupport } from "../../model/istio/endOfSupport.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionPatched = defineRule({
  name: "mesh-revision-patched",
  displayName: "The mesh's revision receives patches",
  description:
    "Microsoft supports the newest revision of the Istio add-on on the day of the preview: an unsupported revision receives no patches.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Upgrade the mesh: az aks mesh get-upgrades shows to which revision. Where the catalog only expected the end of support, ask Azure first.",
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
      ? `${has}, whose support ended with ${support.end}. It gets no patches any more. Upgrade.`
      : `${has}, whose support was expected to end with ${support.end}, and it is ${today}. Ask Azure what it offers now, upgrade, and update the catalog.`;
  },
});
