import * as azure_native from "@pulumi/azure-native";
import * as k8s from "@pulumi/kubernetes";

const group = new azure_native.resources.ResourceGroup("group", { location: "northeurope" });

function make(name: string, revisions?: string[]) {
  const cluster = new azure_native.containerservice.ManagedCluster(name, {
    resourceGroupName: group.name,
    dnsPrefix: name,
    kubernetesVersion: "1.35",
    identity: { type: "SystemAssigned" },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
    ...(revisions && { serviceMeshProfile: { mode: "Istio", istio: { revisions } } }),
  });
  // While the name of the cluster is unknown, the SDK loses the dependency of the result on the cluster.
  const kubeconfig = azure_native.containerservice
    .listManagedClusterUserCredentialsOutput({
      resourceGroupName: group.name,
      resourceName: cluster.name,
    })
    .kubeconfigs.apply(([first]) => Buffer.from(first?.value ?? "", "base64").toString());
  return new k8s.Provider(name, { kubeconfig });
}

const mesh = make("mesh", ["asm-1-30"]);
const plain = make("plain");

const namespace = (name: string, labels: Record<string, string>, provider: k8s.Provider) =>
  new k8s.core.v1.Namespace(name, { metadata: { name, labels } }, { provider });

// Wrong on the mesh, and without effect on the other cluster.
namespace("retired", { "istio.io/rev": "asm-1-27" }, mesh);
namespace("unmeshed", { "istio-injection": "enabled" }, plain);
