import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksDefender = defineRule({
  name: "aks-defender",
  displayName: "Defender for Containers is enabled",
  description:
    "The cluster has the sensor of Microsoft Defender for Containers, which detects attacks on running containers.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set securityProfile.defender.securityMonitoring.enabled to true, with logAnalyticsWorkspaceResourceId. Defender for Containers is paid for by core; where another product watches the nodes, disable this rule or make an exception that says so.",
  url: "https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction",
  tags: [
    "aks",
    "PSRule:Azure.AKS.DefenderProfile",
    "KICS:aks_defender_profile_disabled",
    "AzurePolicy:AKS_Defender",
  ],
  about: clusters,
  // The SDK makes all of the profile unknown where one of its values is: such as the workspace's ID, where the stack makes that.
  unknown: "nothing",
  *check({ resource: { inputs }, provider }) {
    const because = "so that an attack on a running container goes unseen";
    if (provider === "native") {
      const place = inputs.at("securityProfile", "defender", "securityMonitoring", "enabled");
      yield* expectFlag(place, true, because);
      return;
    }
    const place = inputs.at("microsoftDefender");
    const fields = place.keys();
    if (fields instanceof Unknown) yield fields;
    else if (fields === undefined) {
      yield `${place.path} is not set, ${because}. Set it, with a Log Analytics workspace.`;
    }
  },
});
