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
const opts = { provider };

function istio(api: string, kind: string, name: string, namespace: string, spec: object) {
  return new k8s.apiextensions.CustomResource(
    `${name}-${kind.toLowerCase()}`,
    { apiVersion: `${api}/v1`, kind, metadata: { name, namespace }, spec },
    opts,
  );
}

istio("security.istio.io", "PeerAuthentication", "default", "aks-istio-system", {
  mtls: { mode: "STRICT" },
});

const shop = new k8s.yaml.ConfigFile("shop", { file: "shop.yaml" }, opts);
export const namespace = shop.getResourceProperty("v1/Namespace", "shop", "metadata").name;
