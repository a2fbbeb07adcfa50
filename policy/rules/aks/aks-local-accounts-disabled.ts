import { clusters } from "../../model/azure/cluster.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksLocalAccountsDisabled = defineRule({
  name: "aks-local-accounts-disabled",
  displayName: "Local accounts are disabled",
  description:
    "Local accounts are disabled: they share one certificate, which identifies nobody and cannot be revoked for one person.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Integrate the cluster with Entra ID, give administrators a group or a role there, and set disableLocalAccounts to true. Pipelines then sign in with kubelogin. On a cluster that had local accounts, rotate its certificates afterwards.",
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
      "so that whoever may list the admin credentials of the cluster is its administrator, without a name and for as long as its certificates last",
    ),
});
