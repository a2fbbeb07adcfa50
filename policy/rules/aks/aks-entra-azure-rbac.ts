import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const aksEntraAzureRbac = defineRule({
  name: "aks-entra-azure-rbac",
  displayName: "Users sign in with Entra ID and are authorized by Azure RBAC",
  description:
    "The cluster authenticates users with Entra ID and authorizes them with Azure RBAC, so access is granted, reviewed and revoked in one place.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set aadProfile to { managed: true, enableAzureRBAC: true, adminGroupObjectIDs: [...] }, and assign roles such as Azure Kubernetes Service RBAC Reader on the cluster or one of its namespaces. Do not set enableRBAC to false.",
  url: "https://learn.microsoft.com/azure/aks/manage-azure-rbac",
  tags: [
    "aks",
    "PSRule:Azure.AKS.ManagedAAD",
    "PSRule:Azure.AKS.AzureRBAC",
    "PSRule:Azure.AKS.UseRBAC",
    "checkov:CKV_AZURE_5",
    "Trivy:AZU-0042",
    "AzurePolicy:AKS_AAD_Integration",
  ],
  about: clusters,
  unknown: "unjudged",
  *check(cluster) {
    if (cluster.automatic === true) return;
    const rbac = cluster.at("rbac");
    const on = rbac.flag();
    // AKS enables it by default.
    if (on instanceof Unknown) yield on;
    else if (on === false) {
      yield `${rbac.path} is false, so everyone who signs in has full access. Set it to true; this replaces the cluster.`;
    }
    yield* checkEntra(cluster);
  },
});

function* checkEntra(cluster: AksCluster): Iterable<Finding> {
  const profile = cluster.at("entra");
  const fields = profile.keys();
  if (fields instanceof Unknown) yield fields;
  else if (fields === undefined) {
    yield `${profile.path} is not set, so users sign in with certificates that the cluster issues. Set it, including ${cluster.at("azureRbac").path}.`;
  } else {
    if (cluster.provider === "native") {
      yield* expectFlag(
        profile.at("managed"),
        true,
        "so the cluster uses the legacy integration with Entra ID, which is retired",
      );
    }
    yield* expectFlag(
      cluster.at("azureRbac"),
      true,
      "so permissions exist only in the cluster's role bindings, which access reviews in Entra ID do not cover",
    );
  }
}
