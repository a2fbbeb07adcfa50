import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";

const group = new resources.ResourceGroup("shop");

const cluster = new containerservice.ManagedCluster("shop", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.33",
  dnsPrefix: "shop",
  identity: { type: "SystemAssigned" },
  enableRBAC: false,
  apiServerAccessProfile: { authorizedIPRanges: ["0.0.0.0/0"] },
  networkProfile: { networkPlugin: "kubenet" },
  autoUpgradeProfile: { upgradeChannel: "none", nodeOSUpgradeChannel: "None" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5" }],
});

new containerservice.AgentPool("apps", {
  resourceGroupName: group.name,
  resourceName: cluster.name,
  mode: "User",
  vmSize: "Standard_D4s_v5",
  count: 2,
  // Newer than the control plane.
  orchestratorVersion: "1.34",
});

export const clusterName = cluster.name;
