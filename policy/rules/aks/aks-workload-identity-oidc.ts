import { clusters } from "../../model/azure/cluster.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksWorkloadIdentityOidc = defineRule({
  name: "aks-workload-identity-oidc",
  displayName: "Workload identity and the OIDC issuer are enabled",
  description:
    "The cluster issues tokens that Entra ID trusts and provides them to workloads, so no workload needs a password or key for Azure.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled to true. The OIDC issuer cannot be disabled again.",
  url: "https://learn.microsoft.com/azure/aks/workload-identity-overview",
  tags: ["aks", "AzurePolicy:AKS_WorkloadIdentity"],
  about: clusters,
  // If one value of the profile is unknown, such as the ID of a Defender workspace that the stack creates, the SDK makes all of it unknown.
  unknown: "nothing",
  *check(cluster) {
    if (cluster.automatic === true) return;
    yield* expectFlag(
      cluster.at("oidcIssuer"),
      true,
      "so Entra ID cannot verify the cluster's service accounts, and workloads need secrets to access Azure",
    );
    yield* expectFlag(
      cluster.at("workloadIdentity"),
      true,
      "so pods do not get tokens to sign in to Azure",
    );
  },
});
