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

// Unknown until the cluster exists, so a first preview knows only the inputs of everything below it.
const provider = new k8s.Provider("orders", {
  kubeconfig: credentials.kubeconfigs.apply(([first]) =>
    Buffer.from(first.value, "base64").toString(),
  ),
});

const namespace = new k8s.core.v1.Namespace(
  "orders",
  // From the add-on's quickstart at the time.
  { metadata: { name: "orders", labels: { "istio.io/rev": "asm-1-27" } } },
  { provider },
);

export const namespaceName = namespace.metadata.name;

new k8s.apiextensions.CustomResource(
  "strict",
  {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace: "aks-istio-system" },
    spec: { mtls: { mode: "STRICT" } },
  },
  { provider },
);
