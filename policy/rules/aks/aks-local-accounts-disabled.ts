import { clusters } from "../../model/azure/cluster.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksLocalAccountsDisabled = defineRule({
  name: "aks-local-accounts-disabled",
  displayName: "Local accounts are disabled",
  description:
    "The cluster's local accounts are disabled, because they share one certificate, which identifies no individual and cannot be revoked for one person.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Integrate the cluster with Entra ID, grant administrators access through a group or a role, and set disableLocalAccounts to true. Pipelines then sign in with kubelogin. If the cluster had local accounts, rotate its certificates afterwards.",
  url: "https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
  tags: [
    "aks",
    "PSRule:Azure.AKS.LocalAccounts",
    "checkov:CKV_AZURE_141",
    "AzurePolicy:AKS_DisableLocalAccounts_Deny",
  ],
  about: clusters,
  unknown: "unjudged",
  check: (cluster) =>
    expectFlag(
      cluster.at("localAccountsDisabled"),
      true,
      "so anyone who can list the cluster's admin credentials has anonymous administrator access until the certificates expire or are rotated",
    ),
});
