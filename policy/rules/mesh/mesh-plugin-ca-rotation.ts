import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";
import { secretsProvider } from "../../model/azure/secretsProvider.ts";

export const meshPluginCaRotation = defineRule({
  name: "mesh-plugin-ca-rotation",
  displayName: "Secret rotation is enabled for the plug-in CA",
  description:
    "If a mesh has a plug-in CA, the Key Vault secrets provider add-on has secret rotation enabled.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "Set enableSecretRotation of the azureKeyvaultSecretsProvider add-on to true.",
  url: "https://learn.microsoft.com/azure/aks/istio-plugin-ca",
  tags: ["mesh", "PSRule:Azure.AKS.SecretStoreRotation", "checkov:CKV_AZURE_172"],
  about: clusters,
  unknown: "nothing",
  *check(cluster) {
    const fields = cluster.at("pluginCa").keys();
    if (cluster.addon !== true || fields === undefined || fields instanceof Unknown) return;
    const { enabled, rotates, where } = secretsProvider(cluster);
    if (enabled !== true || rotates === true || rotates instanceof Unknown) return;
    yield `${where} does not rotate secrets, so the mesh does not pick up certificates that are renewed in Key Vault. Enable secret rotation.`;
  },
});
