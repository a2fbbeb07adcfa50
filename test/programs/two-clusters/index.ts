import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";

const group = new resources.ResourceGroup("clusters");

/** A cluster on one revision, with a namespace that joins it. */
function region(name: string, location: string, revision: string) {
  const cluster = new containerservice.ManagedCluster(name, {
    resourceGroupName: group.name,
    location,
    kubernetesVersion: "1.35",
    dnsPrefix: name,
    identity: { type: "SystemAssigned" },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
    serviceMeshProfile: { mode: "Istio", istio: { revisions: [revision] } },
  });
  const credentials = containerservice.listManagedClusterUserCredentialsOutput({
    resourceGroupName: group.name,
    resourceName: cluster.name,
  });
  const provider = new k8s.Provider(name, {
    kubeconfig: credentials.kubeconfigs.apply(([first]) =>
      Buffer.from(first.value, "base64").toString(),
    ),
  });
  new k8s.core.v1.Namespace(
    `${name}-orders`,
    { metadata: { name: "orders", labels: { "istio.io/rev": revision } } },
    { provider },
  );
  const security = (kind: string, resource: string, namespace: string, spec: object) =>
    new k8s.apiextensions.CustomResource(
      `${name}-${resource}`,
      {
        apiVersion: "security.istio.io/v1",
        kind,
        metadata: { name: resource, namespace },
        spec,
      },
      { provider },
    );
  security("PeerAuthentication", "default", "aks-istio-system", { mtls: { mode: "STRICT" } });
  security("AuthorizationPolicy", "default-deny", "orders", {});
  return cluster;
}

// The north upgrades first.
const north = region("north", "northeurope", "asm-1-30");
const west = region("west", "westeurope", "asm-1-29");

export const fqdns = [north.fqdn, west.fqdn];
