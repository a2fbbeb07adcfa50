import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

/** @see https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image#available-node-os-upgrade-channels */
const NOT_PATCHED: readonly string[] = ["none", "unmanaged"];

export const aksUpgradeChannels = defineRule({
  name: "aks-upgrade-channels",
  displayName: "Automatic upgrades of Kubernetes and node images are enabled",
  description:
    "The cluster has an auto-upgrade channel for Kubernetes and one for security updates of the node OS.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set autoUpgradeProfile.upgradeChannel to patch, which keeps the minor version that the mesh's revisions need, and nodeOSUpgradeChannel to NodeImage or SecurityPatch. Maintenance windows determine when upgrades run.",
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
      yield `${kubernetes.path} is ${channel ?? "not set"}, so AKS does not apply Kubernetes patches automatically. Set it to patch, stable or rapid.`;
    }
    const nodes = cluster.at("nodeOsUpgradeChannel");
    const os = nodes.text();
    if (os instanceof Unknown) yield os;
    // AKS defaults to NodeImage.
    else if (os !== undefined && NOT_PATCHED.includes(os.toLowerCase())) {
      yield `${nodes.path} is ${os}, so AKS neither installs security updates on nodes nor restarts nodes for them. Set it to NodeImage or SecurityPatch.`;
    }
  },
});
