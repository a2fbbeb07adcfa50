import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";

const group = new resources.ResourceGroup("orders");

const cluster = new containerservice.ManagedCluster("orders", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.35",
  dnsPrefix: "orders",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
  // Left over from the cluster's previous mesh.
  addonProfiles: { openServiceMesh: { enabled: true } },
});

export const clusterName = cluster.name;
