import { addonProfiles } from "../../model/azure/addonProfiles.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { SECRETS_PROVIDER, secretsProvider } from "../../model/azure/secretsProvider.ts";

/**
 * The vault of the certificates, and the name of each object in it. Both providers use ARM's names.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-plugin-ca
 */
const FIELDS = [
  "keyVaultId",
  "rootCertObjectName",
  "certObjectName",
  "keyObjectName",
  "certChainObjectName",
] as const;

export const meshPluginCaComplete = defineRule({
  name: "mesh-plugin-ca-complete",
  displayName: "The plug-in CA is complete",
  description:
    "A mesh with a plug-in CA names the Key Vault and all four objects, and the cluster has the Key Vault secrets provider add-on, which reads them.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set the missing fields, and enable the azureKeyvaultSecretsProvider add-on with enableSecretRotation. Its identity needs the role Key Vault Secrets User on the vault: otherwise istiod does not start.",
  url: "https://learn.microsoft.com/azure/aks/istio-plugin-ca",
  tags: ["mesh", "PSRule:Azure.AKS.SecretStore"],
  about: clusters,
  unknown: "unjudged",
  *check(cluster) {
    if (cluster.addon !== true) return;
    const place = cluster.at("pluginCa");
    const fields = place.keys();
    if (fields instanceof Unknown) yield fields;
    if (fields === undefined || fields instanceof Unknown) return;
    // A value that is not known yet, such as the ID of a new vault, is not missing.
    const missing = FIELDS.filter((field) => (place.at(field).text() ?? "") === "");
    if (missing.length > 0) {
      yield `${place.path} lacks ${missing.join(", ")}, but the mesh requires the vault and all four objects. Set ${missing.length === 1 ? "it" : "them"}.`;
    }
    yield* checkSecretsProvider(cluster, place);
  },
  remediate(cluster) {
    const { provider, resource, addon } = cluster;
    const fields = cluster.at("pluginCa").keys();
    const profiles = addonProfiles(resource.inputs, SECRETS_PROVIDER);
    if (addon !== true || provider === "classic" || profiles instanceof Unknown) return false;
    // An explicit profile of the add-on is deliberate.
    if (fields === undefined || fields instanceof Unknown || profiles.length > 0) return false;
    const place = resource.inputs.at("addonProfiles", SECRETS_PROVIDER);
    if (!place.free) return false;
    place.write({ enabled: true, config: { enableSecretRotation: "true" } });
    return true;
  },
});

/** Problems with the add-on that reads the vault. */
function* checkSecretsProvider(cluster: AksCluster, place: Cursor): Iterable<Finding> {
  const { enabled, where } = secretsProvider(cluster);
  if (enabled instanceof Unknown) yield enabled;
  else if (enabled !== true) {
    yield `${place.path} names certificates in Key Vault, but ${where}, which reads them, is ${enabled === undefined ? "not set" : "off"}. Enable it.`;
  }
}
