import type { MeshClusterArgs } from "../../components/meshCluster.ts";
import type { MockOptions } from "./mocks.ts";

/** A kubeconfig as AKS gives it out for the user of a cluster with Entra ID, in the format `exec`. */
export const EXEC_KUBECONFIG = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://mesh-abcd.hcp.westeurope.azmk8s.io:443
  name: mesh
contexts:
- context:
    cluster: mesh
    user: clusterUser_group_mesh
  name: mesh
current-context: mesh
kind: Config
preferences: {}
users:
- name: clusterUser_group_mesh
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - 6dae42f8-4368-4678-94ff-3960e28e3630
      - --client-id
      - 80faf920-1908-4b52-b5ef-a8e7bedfc67a
      - --tenant-id
      - 5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90
      - --login
      - devicecode
      command: kubelogin
      env: null
      provideClusterInfo: false
`;

/** A cluster with one pool for workloads. */
export const CLUSTER_ARGS: MeshClusterArgs = {
  location: "westeurope",
  kubernetesVersion: "1.35",
  supportPlan: "KubernetesOfficial",
  authorizedIPRanges: ["198.51.100.0/24"],
  zones: ["1", "2", "3"],
  systemPool: { vmSize: "Standard_D4ds_v5", minCount: 3, maxCount: 5 },
  userPools: { apps: { vmSize: "Standard_D8ds_v5", minCount: 0, maxCount: 10 } },
  revisions: ["asm-1-30"],
  ingressGateways: ["Internal"],
  adminGroupObjectIds: ["0d0ffe9a-6d0b-4d0c-8c57-3d1d7a9a4b11"],
  kubelogin: "azurecli",
};

/** What Azure answers when that cluster is made. */
export const AZURE: MockOptions = {
  outputs: {
    "azure-native:resources:ResourceGroup": { name: "mesh-group1234" },
    "azure-native:containerservice:ManagedCluster": { name: "mesh5678" },
  },
  invokes: {
    "azure-native:containerservice:listManagedClusterUserCredentials": () => ({
      kubeconfigs: [
        { name: "clusterUser", value: Buffer.from(EXEC_KUBECONFIG).toString("base64") },
      ],
    }),
  },
};
