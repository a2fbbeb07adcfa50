import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";

const group = new resources.ResourceGroup("orders");

const cluster = new containerservice.ManagedCluster("orders", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.35",
  dnsPrefix: "orders",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
});

const credentials = containerservice.listManagedClusterUserCredentialsOutput({
  resourceGroupName: group.name,
  resourceName: cluster.name,
});

const provider = new k8s.Provider("orders", {
  kubeconfig: credentials.kubeconfigs.apply(([first]) =>
    Buffer.from(first.value, "base64").toString(),
  ),
});

const istiod = new k8s.helm.v3.Release(
  "istiod",
  {
    name: "istiod",
    namespace: "istio-system",
    createNamespace: true,
    chart: "istiod",
    version: "1.30.0",
    repositoryOpts: { repo: "https://istio-release.storage.googleapis.com/charts" },
  },
  { provider },
);

export const controlPlane = istiod.status.status;
