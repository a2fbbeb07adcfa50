import { clusters } from "../../model/azure/cluster.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksRunCommandDisabled = defineRule({
  name: "aks-run-command-disabled",
  displayName: "Run command is disabled",
  description:
    "Run command is disabled: it executes commands through the Azure API, which bypasses the network restrictions of the API server, with administrator rights.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set apiServerAccessProfile.disableRunCommand to true, and reach a private cluster from its network, through a peered one or a jump host.",
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
      "so that whoever may call the Azure API runs commands in the cluster from anywhere",
    );
  },
});
