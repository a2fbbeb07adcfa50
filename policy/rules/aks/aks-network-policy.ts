import { enumerated } from "../../model/azure/armEnumeration.ts";
import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

/** @see https://learn.microsoft.com/azure/aks/use-network-policies#network-policy-options-in-aks */
const ENGINES: readonly string[] = ["azure", "calico", "cilium"];

export const aksNetworkPolicy = defineRule({
  name: "aks-network-policy",
  displayName: "Network policies are enforced",
  description:
    "The cluster has an engine that enforces NetworkPolicy: without one, Kubernetes accepts the objects, but every pod still reaches every other pod.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set networkProfile.networkPolicy to cilium, with networkDataplane cilium; azure and calico are engines too.",
  url: "https://learn.microsoft.com/azure/aks/use-network-policies",
  tags: ["aks", "PSRule:Azure.AKS.NetworkPolicy", "checkov:CKV_AZURE_7", "Trivy:AZU-0043"],
  about: clusters,
  // The SDK makes all of the profile unknown where one of its values is: such as an address for outbound traffic that the stack makes.
  unknown: "nothing",
  *check(cluster) {
    if (cluster.automatic === true) return;
    const place = cluster.at("networkPolicy");
    const policy = enumerated(place, ENGINES);
    const dataplane = enumerated(cluster.at("networkDataplane"), ["cilium"]);
    // Whoever brings the network brings its policies.
    if (enumerated(cluster.at("networkPlugin"), ["none"]) === "none") return;
    if (policy instanceof Unknown) yield policy;
    else if (policy === undefined && dataplane instanceof Unknown) yield dataplane;
    else if (!ENGINES.includes(policy ?? "") && !(policy === undefined && dataplane === "cilium")) {
      yield `${place.path} is ${policy ?? "not set"}, so that nothing enforces a NetworkPolicy and every pod reaches every other. Set it to ${ENGINES.join(", ")}: cilium for a new cluster.`;
    }
  },
});
