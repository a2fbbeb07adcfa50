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
    "The cluster has a network policy engine. Without one, Kubernetes accepts NetworkPolicy objects, but every pod can still reach every other pod.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set networkProfile.networkPolicy and networkProfile.networkDataplane to cilium. The policy engines azure and calico are accepted, too.",
  url: "https://learn.microsoft.com/azure/aks/use-network-policies",
  tags: ["aks", "PSRule:Azure.AKS.NetworkPolicy", "checkov:CKV_AZURE_7", "Trivy:AZU-0043"],
  about: clusters,
  // If one value of the profile is unknown, such as an outbound IP address that the stack creates, the SDK makes all of it unknown.
  unknown: "nothing",
  *check(cluster) {
    if (cluster.automatic === true) return;
    const place = cluster.at("networkPolicy");
    const policy = enumerated(place, ENGINES);
    const dataplane = enumerated(cluster.at("networkDataplane"), ["cilium"]);
    // A cluster that brings its own network plugin also brings its own policy engine.
    if (enumerated(cluster.at("networkPlugin"), ["none"]) === "none") return;
    if (policy instanceof Unknown) yield policy;
    else if (policy === undefined && dataplane instanceof Unknown) yield dataplane;
    else if (!ENGINES.includes(policy ?? "") && !(policy === undefined && dataplane === "cilium")) {
      const fix =
        dataplane === "cilium"
          ? "Set it to cilium."
          : `Set it to cilium together with ${cluster.at("networkDataplane").path}, or to azure or calico.`;
      yield `${place.path} is ${policy ?? "not set"}, so nothing enforces NetworkPolicy objects and every pod can reach every other pod. ${fix}`;
    }
  },
});
