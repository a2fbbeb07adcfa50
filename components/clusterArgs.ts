import type * as containerservice from "@pulumi/azure-native/containerservice";
import type { MeshClusterArgs } from "./meshCluster.ts";
import { nodePool } from "./nodePool.ts";

type ClusterProperties = Omit<
  containerservice.ManagedClusterArgs,
  "location" | "resourceGroupName"
>;

/** The properties of the cluster as ARM takes them, without where it is. */
export function clusterArgs(name: string, args: MeshClusterArgs): ClusterProperties {
  return {
    ...BASELINE,
    dnsPrefix: name,
    kubernetesVersion: args.kubernetesVersion,
    supportPlan: args.supportPlan,
    sku: { name: "Base", tier: args.supportPlan === "AKSLongTermSupport" ? "Premium" : "Standard" },
    aadProfile: {
      managed: true,
      enableAzureRBAC: true,
      adminGroupObjectIDs: [...args.adminGroupObjectIds],
    },
    apiServerAccessProfile: {
      disableRunCommand: true,
      authorizedIPRanges: [...args.authorizedIPRanges],
    },
    // Exactly one pool, the system's: a pool that appears here later is an error of the API, so that the pools for
    // workloads are resources of their own. https://github.com/pulumi/pulumi-azure-native/issues/2719
    agentPoolProfiles: [
      {
        ...nodePool(args.systemPool, args),
        name: "system",
        mode: "System",
        nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
      },
    ],
    serviceMeshProfile: {
      mode: "Istio",
      istio: {
        revisions: [...args.revisions],
        components: {
          // A gateway that is not wanted is named too: one that is merely left out may stay as it is.
          ingressGateways: (["Internal", "External"] as const).map((mode) => ({
            mode,
            enabled: args.ingressGateways.includes(mode),
          })),
        },
      },
    },
  };
}

/** What is the same for every cluster, because no other choice is a good one. */
const BASELINE = {
  identity: { type: "SystemAssigned" },
  enableRBAC: true,
  disableLocalAccounts: true,
  oidcIssuerProfile: { enabled: true },
  securityProfile: {
    workloadIdentity: { enabled: true },
    imageCleaner: { enabled: true, intervalHours: 168 },
  },
  nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
  addonProfiles: {
    azurepolicy: { enabled: true },
    azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
  },
  // Kubernetes stays on its minor version, because a new one may run none of the mesh's revisions.
  // https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
  autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
  networkProfile: {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    loadBalancerSku: "standard",
    outboundType: "loadBalancer",
  },
} satisfies ClusterProperties;
