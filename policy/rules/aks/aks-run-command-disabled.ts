import { clusters } from "../../model/azure/cluster.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksRunCommandDisabled = defineRule({
  name: "aks-run-command-disabled",
  displayName: "Run command is disabled",
  description:
    "The run command feature is disabled, because it executes commands with administrator rights through the Azure API and bypasses the API server's network restrictions.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set apiServerAccessProfile.disableRunCommand to true. Connect to a private cluster from its virtual network, a peered network or a jump host.",
  url: "https://learn.microsoft.com/azure/aks/access-private-cluster#disable-command-invoke",
  tags: ["aks", "AzurePolicy:AKS_DisableRunCommand"],
  about: clusters,
  unknown: "unjudged",
  check({ resource: { inputs }, provider }) {
    const [place, wanted] =
      provider === "classic"
        ? [inputs.at("runCommandEnabled"), false]
        : [inputs.at("apiServerAccessProfile", "disableRunCommand"), true];
    return expectFlag(
      place,
      wanted,
      "so anyone with the Azure permission for it can run commands in the cluster from any network",
    );
  },
});
