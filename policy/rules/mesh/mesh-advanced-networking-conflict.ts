import { Unknown } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import { enumerated } from "../../model/azure/armEnumeration.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";

export const meshAdvancedNetworkingConflict = defineRule({
  name: "mesh-advanced-networking-conflict",
  displayName: "Advanced Container Networking Services has no L7 policies and no mTLS",
  description:
    "A cluster with the Istio add-on uses neither the L7 policies nor the mTLS encryption of Advanced Container Networking Services: Microsoft supports neither of them together with the add-on. Whether AKS rejects the combination is not documented.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set networkProfile.advancedNetworking.security.advancedNetworkPolicies to FQDN, and use AuthorizationPolicies for HTTP. Set transitEncryption.type to None or WireGuard: the mesh already encrypts traffic between sidecars.",
  url: "https://learn.microsoft.com/azure/aks/container-network-security-l7-policy-concepts#limitations-and-considerations",
  tags: ["mesh"],
  about: clusters,
  unknown: "unjudged",
  *check(cluster) {
    yield* ifTrue(cluster.addon, () => judged(cluster));
  },
});

function* judged(cluster: AksCluster): Iterable<Finding> {
  const networking = cluster.at("advancedNetworking");
  const security = networking.at("security");
  const switches = [networking.at("enabled").flag(), security.at("enabled").flag()];
  if (switches.includes(false)) return;
  const layer7 = security.at("advancedNetworkPolicies");
  const policies = enumerated(layer7, ["L7"]);
  if (policies instanceof Unknown) yield policies;
  else if (policies === "L7") {
    yield `${layer7.path} is L7, which Microsoft does not support together with the Istio add-on. Set it to FQDN, and use AuthorizationPolicies for HTTP.`;
  }
  const encryption = security.at("transitEncryption", "type");
  const type = enumerated(encryption, ["mTLS"]);
  if (type instanceof Unknown) yield type;
  else if (type === "mTLS") {
    yield `${encryption.path} is mTLS, which Microsoft does not support together with Istio. Set it to None or WireGuard.`;
  }
}
