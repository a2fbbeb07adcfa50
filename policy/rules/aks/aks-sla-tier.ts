import { enumerated } from "../../model/azure/armEnumeration.ts";
import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksSlaTier = defineRule({
  name: "aks-sla-tier",
  displayName: "The cluster has an uptime SLA",
  description:
    "The cluster uses the Standard or Premium tier, which has an uptime SLA for the API server and scales the control plane.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set sku.tier to Standard, or to Premium for long-term support. Use Free only for clusters whose downtime is acceptable.",
  url: "https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers",
  tags: ["aks", "PSRule:Azure.AKS.UptimeSLA", "checkov:CKV_AZURE_170"],
  about: clusters,
  unknown: "unjudged",
  *check(cluster) {
    if (cluster.automatic === true) return;
    const place = cluster.at("skuTier");
    const tier = enumerated(place, ["Free"]);
    if (tier instanceof Unknown) yield tier;
    // AKS defaults to Free.
    else if (tier === undefined || tier === "Free") {
      yield `${place.path} is ${tier ?? "not set, which means Free"}. This tier has no uptime SLA, and Microsoft recommends it only for clusters with fewer than ten nodes. Set it to Standard.`;
    }
  },
});
