import { clusters } from "../../model/azure/cluster.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksWorkloadIdentityOidc = defineRule({
  name: "aks-workload-identity-oidc",
  displayName: "Workload identity and the OIDC issuer are enabled",
  description:
    "The cluster issues tokens that Entra ID trusts and gives them to workloads, so that no workload needs a password or key for Azure.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled to true. An issuer cannot be taken away again.",
  url: "https://learn.microsoft.com/azure/aks/workload-identity-overview",
  tags: ["aks", "AzurePolicy:AKS_WorkloadIdentity"],
  about: clusters,
  // The SDK makes all of the profile unknown where one of its values is: such as the ID of Defender's workspace, where the stack makes that.
  unknown: "nothing",
  *check(cluster) {
    if (cluster.automatic === true) return;
    yield* expectFlag(
      cluster.at("oidcIssuer"),
      true,
      "so that Entra ID cannot tell the cluster's service accounts apart and workloads need secrets of their own",
    );
    yield* expectFlag(
      cluster.at("workloadIdentity"),
      true,
      "so that pods do not get the tokens with which they could sign in to Azure",
    );
  },
});
