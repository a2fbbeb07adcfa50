import type * as containerservice from "@pulumi/azure-native/containerservice";
import { apiServerAccessProfile } from "./apiServer.ts";
import type { ClusterPrerequisites } from "./clusterPrerequisites.ts";
import { azureMonitorProfile, defender, omsagent } from "./clusterMonitoring.ts";
import { networkProfile } from "./clusterNetwork.ts";
import { azureKeyVaultKms } from "./keyManagement.ts";
import type { MeshClusterArgs } from "./meshClusterArgs.ts";
import { nodePoolProperties } from "./nodePool.ts";
import { serviceMeshProfile } from "./serviceMesh.ts";

type ClusterProperties = Omit<
  containerservice.ManagedClusterArgs,
  "location" | "resourceGroupName"
>;

/**
 * The ARM properties of the cluster, without its location. Features that are not wanted are disabled explicitly,
 * because ARM leaves omitted properties unchanged.
 */
export function managedClusterProperties(
  name: string,
  args: MeshClusterArgs,
  { identities: { controlPlane, kubelet }, network, pools, certificates }: ClusterPrerequisites,
): ClusterProperties {
  return {
    ...BASELINE,
    ...(args.clusterName !== undefined && { resourceName: args.clusterName }),
    dnsPrefix: args.clusterName ?? name,
    kubernetesVersion: args.kubernetesVersion,
    supportPlan: args.supportPlan,
    sku: { name: "Base", tier: args.tier },
    identity: { type: "UserAssigned", userAssignedIdentities: [controlPlane.id] },
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id,
        clientId: kubelet.clientId,
        objectId: kubelet.principalId,
      },
    },
    aadProfile: {
      managed: true,
      enableAzureRBAC: true,
      adminGroupObjectIDs: [...args.adminGroupObjectIds],
    },
    apiServerAccessProfile: apiServerAccessProfile(args.apiServer, network),
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
      defender: defender(args),
      azureKeyVaultKms: azureKeyVaultKms(args.kms),
    },
    addonProfiles: {
      azurepolicy: { enabled: true },
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
      omsagent: omsagent(args),
      // AKS does not run Open Service Mesh together with Istio. It is retired, so an adopted
      // cluster that has it loses it. https://learn.microsoft.com/azure/aks/open-service-mesh-about
      openServiceMesh: { enabled: false },
    },
    azureMonitorProfile: azureMonitorProfile(args),
    autoUpgradeProfile: { ...args.autoUpgrade },
    networkProfile: {
      ...networkProfile(args.network),
      staticEgressGatewayProfile: { enabled: args.staticEgress ?? false },
    },
    // Only the system pool: the API rejects pools that are added here later, so the pools for
    // workloads are separate resources. https://github.com/pulumi/pulumi-azure-native/issues/2719
    agentPoolProfiles: [
      {
        ...nodePoolProperties(args.systemPool, pools),
        name: "system",
        mode: "System",
        nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
      },
    ],
    serviceMeshProfile: serviceMeshProfile({
      ...args,
      certificateAuthority: certificates?.certificateAuthority,
    }),
  };
}

/** Settings that are the same for every cluster. */
const BASELINE = {
  enableRBAC: true,
  disableLocalAccounts: true,
  oidcIssuerProfile: { enabled: true },
  nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
} satisfies ClusterProperties;
