import * as an from "@pulumi/azure-native";
import * as k8s from "@pulumi/kubernetes";
const rg = new an.resources.ResourceGroup("rg", { location: "northeurope" });
const cluster = new an.containerservice.ManagedCluster("c", {
  resourceGroupName: rg.name,
  dnsPrefix: "c",
  kubernetesVersion: "1.35",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
});
const kubeconfig = an.containerservice
  .listManagedClusterUserCredentialsOutput({
    resourceGroupName: rg.name,
    resourceName: cluster.name,
  })
  .kubeconfigs.apply((c) => Buffer.from(c[0].value, "base64").toString());
const provider = new k8s.Provider("c", { kubeconfig });
new k8s.yaml.v2.ConfigFile("v2", { file: "ns.yaml" }, { provider });
new k8s.kustomize.v2.Directory("k2", { directory: "./kust" }, { provider });
