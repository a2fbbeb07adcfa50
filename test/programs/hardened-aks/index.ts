import * as containerservice from "@pulumi/azure-native/containerservice";
import * as monitor from "@pulumi/azure-native/monitor";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as resources from "@pulumi/azure-native/resources";

const version = "1.35";
const availabilityZones = ["1", "2", "3"];

const group = new resources.ResourceGroup("shop");
const resourceGroupName = group.name;

const workspace = new operationalinsights.Workspace("security", { resourceGroupName });

const cluster = new containerservice.ManagedCluster("shop", {
  resourceGroupName,
  kubernetesVersion: version,
  dnsPrefix: "shop",
  sku: { name: "Base", tier: "Standard" },
  identity: { type: "SystemAssigned" },
  disableLocalAccounts: true,
  aadProfile: {
    managed: true,
    enableAzureRBAC: true,
    adminGroupObjectIDs: ["7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42"],
  },
  apiServerAccessProfile: { enablePrivateCluster: true, disableRunCommand: true },
  networkProfile: {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
  },
  autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
  oidcIssuerProfile: { enabled: true },
  securityProfile: {
    workloadIdentity: { enabled: true },
    defender: {
      securityMonitoring: { enabled: true },
      logAnalyticsWorkspaceResourceId: workspace.id,
    },
  },
  addonProfiles: { azurepolicy: { enabled: true } },
  azureMonitorProfile: { metrics: { enabled: true } },
  agentPoolProfiles: [
    {
      name: "system",
      mode: "System",
      vmSize: "Standard_D4s_v5",
      enableAutoScaling: true,
      count: 3,
      minCount: 3,
      maxCount: 5,
      availabilityZones,
      orchestratorVersion: version,
    },
  ],
});

new containerservice.AgentPool("apps", {
  resourceGroupName,
  resourceName: cluster.name,
  mode: "User",
  vmSize: "Standard_D4s_v5",
  count: 2,
  availabilityZones,
  orchestratorVersion: version,
});

for (const [configName, dayOfWeek] of [
  ["aksManagedAutoUpgradeSchedule", "Saturday"],
  ["aksManagedNodeOSUpgradeSchedule", "Sunday"],
  ["default", "Monday"],
] as const) {
  new containerservice.MaintenanceConfiguration(configName, {
    resourceGroupName,
    resourceName: cluster.name,
    configName,
    maintenanceWindow: {
      startTime: "01:00",
      durationHours: 4,
      schedule: { weekly: { dayOfWeek, intervalWeeks: 1 } },
    },
  });
}

new monitor.DiagnosticSetting("audit", {
  resourceUri: cluster.id,
  workspaceId: workspace.id,
  logs: ["kube-audit-admin", "guard"].map((category) => ({ category, enabled: true })),
});

export const clusterName = cluster.name;
