import { clusters } from "../../lib/cluster.ts";
import { expectFlag } from "../../lib/flags.ts";
import { defineRule } from "../../lib/rule.ts";

export const aksLocalAccountsDisabled = defineRule({
  name: "aks-local-accounts-disabled",
  displayName: "Local accounts are disabled",
  description:
    "Nobody gets into the cluster with the shared certificate of a local account, which names no person and cannot be taken back from one.",
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
