import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksDefender = defineRule({
  name: "aks-defender",
  displayName: "Defender for Containers is enabled",
  description:
    "The cluster runs the sensor of Microsoft Defender for Containers, which detects attacks on running containers.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set securityProfile.defender.securityMonitoring.enabled to true and securityProfile.defender.logAnalyticsWorkspaceResourceId to a workspace. Defender for Containers is billed per vCore. If another product monitors the nodes, disable this rule or add an exception that says so.",
  url: "https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction",
  tags: [
    "aks",
    "PSRule:Azure.AKS.DefenderProfile",
    "KICS:aks_defender_profile_disabled",
    "AzurePolicy:AKS_Defender",
  ],
  about: clusters,
  // If one value of the profile is unknown, such as the ID of a workspace that the stack creates, the SDK makes all of it unknown.
  unknown: "nothing",
  *check({ resource: { inputs }, provider }) {
    const because = "so attacks on running containers go undetected";
    if (provider === "native") {
      const place = inputs.at("securityProfile", "defender", "securityMonitoring", "enabled");
      yield* expectFlag(place, true, because);
      return;
    }
    const place = inputs.at("microsoftDefender");
    const fields = place.keys();
    if (fields instanceof Unknown) yield fields;
    else if (fields === undefined) {
      yield `${place.path} is not set, ${because}. Set it, with the ID of a Log Analytics workspace.`;
    }
  },
});
