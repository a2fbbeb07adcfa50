import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { ingressGateways } from "../../model/istio/ingressGateways.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshNoExternalIngress = defineRule({
  name: "mesh-no-external-ingress",
  displayName: "The mesh has no public ingress gateway",
  description: "No External ingress gateway is enabled: it would have a public IP address.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Use an Internal gateway behind your perimeter firewall. If the mesh must be reachable from the internet, disable this rule or exempt the cluster from it.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-ingress",
  tags: ["mesh", "AzurePolicy:LoadbalancerNoPublicIPs"],
  about: clusters,
  unknown: "nothing",
  *check(cluster) {
    if (cluster.addon !== true) return;
    const gateways = ingressGateways(cluster);
    if (gateways instanceof Unknown) return;
    for (const { mode, enabled, place } of gateways) {
      if (mode !== "External" || enabled !== true) continue;
      yield `${place.path} exposes the mesh to the internet through a public address. Use an Internal gateway behind your perimeter firewall, or disable this rule if the mesh must be reachable from the internet.`;
    }
  },
});
