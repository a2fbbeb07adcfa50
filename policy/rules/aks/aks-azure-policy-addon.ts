import { addonProfiles } from "../../model/azure/addonProfiles.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown, firstSet } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

const ADDON = "azurepolicy";

export const aksAzurePolicyAddon = defineRule({
  name: "aks-azure-policy-addon",
  displayName: "The Azure Policy add-on is enabled",
  description:
    "The cluster has the Azure Policy add-on, which enforces your organization's policies on everything that is deployed to it.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set addonProfiles.azurepolicy.enabled to true. Exclude the mesh's own namespaces from policies that reject its control plane.",
  url: "https://learn.microsoft.com/azure/governance/policy/concepts/policy-for-kubernetes",
  tags: [
    "aks",
    "PSRule:Azure.AKS.AzurePolicyAddOn",
    "checkov:CKV_AZURE_116",
    "Trivy:AZU-0066",
    "AzurePolicy:AKS_AzurePolicyAddOn",
  ],
  about: clusters,
  unknown: "unjudged",
  *check(cluster) {
    if (cluster.automatic === true) return;
    const place = enabledFlag(cluster);
    if (place instanceof Unknown) yield place;
    else {
      yield* expectFlag(
        place,
        true,
        "so your organization's policies do not apply inside the cluster",
      );
    }
  },
});

function enabledFlag({ resource: { inputs }, provider }: AksCluster): Cursor | Unknown {
  if (provider === "classic") {
    return firstSet(inputs, ["azurePolicyEnabled", "addonProfile.azurePolicy.enabled"]);
  }
  const profiles = addonProfiles(inputs, ADDON);
  if (profiles instanceof Unknown) return profiles;
  return (profiles[0] ?? inputs.at("addonProfiles", ADDON)).at("enabled");
}
