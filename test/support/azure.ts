import type { MeshClusterArgs } from "../../components/cluster/meshClusterArgs.ts";
import type { MockOptions } from "./mocks.ts";

/** A user kubeconfig as AKS returns it for a cluster with Entra ID, in `exec` format. */
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

/** A cluster with minimal settings and one pool for workloads. */
export const CLUSTER_ARGS: MeshClusterArgs = {
  location: "westeurope",
  kubernetesVersion: "1.35",
  supportPlan: "KubernetesOfficial",
  tier: "Standard",
  apiServer: { access: "public", authorizedIPRanges: ["198.51.100.0/24"] },
  network: {
    addressSpace: "10.224.0.0/16",
    outboundType: "loadBalancer",
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.0.0.0/16",
  },
  zones: ["1", "2", "3"],
  systemPool: { vmSize: "Standard_D4ds_v5", minCount: 3, maxCount: 5 },
  userPools: {
    apps: { vmSize: "Standard_D8ds_v5", minCount: 0, maxCount: 10, labels: {}, taints: [] },
  },
  nodeSecurity: { secureBoot: true, vTPM: true, encryptionAtHost: false },
  autoUpgrade: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
  maintenance: {
    utcOffset: "+00:00",
    releases: { day: "Monday", start: "00:00", hours: 4 },
    kubernetes: { day: "Sunday", start: "00:00", hours: 8 },
    nodeOS: { day: "Saturday", start: "00:00", hours: 8 },
  },
  previewFeatures: [],
  revisions: ["asm-1-30"],
  ingressGateways: ["Internal"],
  adminGroupObjectIds: ["0d0ffe9a-6d0b-4d0c-8c57-3d1d7a9a4b11"],
  kubelogin: "azurecli",
  protect: true,
};

const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";

/** What Azure returns when that cluster is created. */
export const AZURE: MockOptions = {
  outputs: {
    "azure-native:resources:ResourceGroup": { name: "mesh-group1234" },
    "azure-native:containerservice:ManagedCluster": { name: "mesh5678" },
    [`${IDENTITY}::mesh-control-plane`]: {
      principalId: "control-plane-object",
      clientId: "control-plane-client",
    },
    [`${IDENTITY}::mesh-kubelet`]: {
      principalId: "kubelet-object",
      clientId: "kubelet-client",
    },
    "azure-native:network:VirtualNetwork": { name: "mesh-network9" },
    "azure-native:network:PublicIPAddress": { ipAddress: "203.0.113.9" },
    "kubernetes:core/v1:ServicePatch": {
      status: { loadBalancer: { ingress: [{ ip: "203.0.113.20" }] } },
    },
  },
  invokes: {
    "azure-native:containerservice:listManagedClusterUserCredentials": () => ({
      kubeconfigs: [
        { name: "clusterUser", value: Buffer.from(EXEC_KUBECONFIG).toString("base64") },
      ],
    }),
    "azure-native:authorization:getClientConfig": () => ({ tenantId: "tenant" }),
  },
};
