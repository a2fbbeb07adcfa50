import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

/** @see https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image#available-node-os-upgrade-channels */
const NOT_PATCHED: readonly string[] = ["none", "unmanaged"];

export const aksUpgradeChannels = defineRule({
  name: "aks-upgrade-channels",
  displayName: "Automatic upgrades of Kubernetes and node images are enabled",
  description:
    "The cluster has a channel for Kubernetes upgrades, and one for security updates of the node OS.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set autoUpgradeProfile.upgradeChannel to patch, which keeps the minor version that the mesh's revisions need, and nodeOSUpgradeChannel to NodeImage or SecurityPatch. Maintenance windows say when.",
  url: "https://learn.microsoft.com/azure/aks/auto-upgrade-cluster",
  tags: [
    "aks",
    "PSRule:Azure.AKS.AutoUpgrade",
    "PSRule:Azure.AKS.NodeAutoUpgrade",
    "checkov:CKV_AZURE_171",
    "AzurePolicy:AKS_Autoupgrade_Cluster",
    "AzurePolicy:AKS_Autoupgrade_NodeOS",
  ],
  about: clusters,
  unknown: "unjudged",
  *check(cluster) {
    if (cluster.automatic === true) return;
    const kubernetes = cluster.at("upgradeChannel");
    const channel = kubernetes.text();
    if (channel instanceof Unknown) yield channel;
    else if (channel === undefined || channel.toLowerCase() === "none") {
      yield `${kubernetes.path} is ${channel ?? "not set"}, so that patches of Kubernetes wait for somebody to apply them. Set it to patch, stable or rapid.`;
    }
    const nodes = cluster.at("nodeOsUpgradeChannel");
    const os = nodes.text();
    if (os instanceof Unknown) yield os;
    // AKS takes NodeImage where nothing is said.
    else if (os !== undefined && NOT_PATCHED.includes(os.toLowerCase())) {
      yield `${nodes.path} is ${os}, so that AKS neither updates nor restarts nodes for a security update. Set it to NodeImage or SecurityPatch.`;
    }
  },
});
