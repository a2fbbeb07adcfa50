import { MeshCluster } from "../../components/cluster/MeshCluster.ts";
import { MeshNamespace } from "../../components/mesh/MeshNamespace.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { AZURE, CLUSTER_ARGS } from "./azure.ts";
import { mockEngine } from "./mocks.ts";
import type { MockOptions, Recorder } from "./mocks.ts";

const SUBSCRIPTION = "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90";

export const VAULT_ID = `${SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-certificates`;

/** The role definition ID of Key Vault Secrets User in that subscription. */
export const SECRETS_USER = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`;

/** What Azure and AKS return if there are gateways. */
export const ANSWERS: Required<Pick<MockOptions, "outputs">> = {
  outputs: {
    ...AZURE.outputs,
    "azure-native:containerservice:ManagedCluster": {
      name: "mesh5678",
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: {
          "mesh-control-plane-id": { principalId: "control-plane-object" },
        },
      },
      addonProfiles: {
        azureKeyvaultSecretsProvider: {
          enabled: true,
          identity: { clientId: "add-on-client", objectId: "add-on-object" },
        },
      },
    },
    "azure-native:resources:ResourceGroup::external-address": { name: "external-address77" },
    "azure-native:network:PublicIPAddress::external": {
      name: "external88",
      ipAddress: "203.0.113.7",
    },
    "azure-native:keyvault:Vault": { name: "certificates99" },
    "kubernetes:gateway.networking.k8s.io/v1:Gateway": {
      status: { addresses: [{ type: "IPAddress", value: "203.0.113.30" }] },
    },
    "kubernetes:egressgateway.kubernetes.azure.com/v1alpha1:StaticGatewayConfiguration": {
      status: { egressIpPrefix: "203.0.113.40/31" },
    },
  },
};

/** An engine with a cluster, and the namespaces of gateways and their services. */
export interface ClusterWithShop {
  readonly engine: Recorder;
  readonly cluster: MeshCluster;
  readonly namespace: (
    name: string,
    mesh?: MeshRevision | "outside",
    defaultDeny?: boolean,
  ) => MeshNamespace;
}

export async function surroundings(): Promise<ClusterWithShop> {
  const engine = await mockEngine({ ...AZURE, ...ANSWERS });
  const cluster = new MeshCluster("mesh", CLUSTER_ARGS);
  const { provider } = cluster;
  return {
    engine,
    cluster,
    namespace: (name, mesh = "asm-1-30", defaultDeny = false) =>
      new MeshNamespace(name, { mesh, defaultDeny }, { provider }),
  };
}

/** Type and name of everything that a component created, without the type of the component itself. */
export function childrenOf(engine: Recorder, component: string): string[] {
  const prefix = `aks-istio:index:${component}$`;
  return engine
    .identities()
    .filter((identity) => identity.startsWith(prefix))
    .map((identity) => identity.slice(prefix.length));
}
