import type * as pulumi from "@pulumi/pulumi";
import { isVnetIntegrated } from "./apiServer.ts";
import { createClusterNetwork } from "./clusterNetwork.ts";
import type { ClusterNetwork } from "./clusterNetwork.ts";
import { grantKeyRoles } from "./keyManagement.ts";
import { createManagedIdentities } from "./managedIdentities.ts";
import type { ManagedIdentities } from "./managedIdentities.ts";
import type { MeshCertificates } from "../mesh/MeshCertificates.ts";
import type { MeshClusterArgs } from "./meshClusterArgs.ts";
import { grantNetworkRoles } from "./networkRoles.ts";
import type { NodePoolContext } from "./nodePool.ts";
import { registerPreviewFeatures } from "./previewFeatures.ts";
import { grantRegistryPull } from "./registryRoles.ts";

/** The resources that the cluster requires. */
export interface ClusterPrerequisites {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly identities: ManagedIdentities;
  readonly network: ClusterNetwork;
  /** The common properties of all its node pools. */
  readonly pools: NodePoolContext;
  /** The plug-in CA of the mesh; undefined for Istio's self-signed CA. */
  readonly certificates: MeshCertificates | undefined;
  /** Further resources that the cluster must depend on. */
  readonly dependencies: readonly pulumi.Resource[];
}

/** Creates what the cluster requires: identities, network and role assignments. */
export function createClusterPrerequisites(
  name: string,
  args: MeshClusterArgs,
  resourceGroupName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): ClusterPrerequisites {
  const { location, kubernetesVersion, zones, nodeSecurity, autoUpgrade, apiServer, protect } =
    args;
  const place = { location, resourceGroupName };
  const identities = createManagedIdentities(name, place, opts);
  const withApiServer = isVnetIntegrated(apiServer);
  const network = createClusterNetwork(
    name,
    args.network,
    {
      ...place,
      zones,
      withApiServer,
      withVaultFirewall: args.certificates?.behindFirewall ?? false,
      protect,
    },
    opts,
  );
  const certificates = args.certificates?.make(network.origin);
  const { principalId } = identities.controlPlane;
  return {
    ...place,
    identities,
    network,
    pools: { kubernetesVersion, zones, subnetId: network.nodeSubnetId, nodeSecurity, autoUpgrade },
    certificates,
    dependencies: [
      identities.operator,
      ...grantRegistryPull(name, args.containerRegistryIds ?? [], identities.kubelet, opts),
      ...grantNetworkRoles(name, apiServer, network, principalId, opts),
      ...grantKeyRoles(name, args.kms, principalId, opts),
      ...registerPreviewFeatures(name, args.previewFeatures, opts),
      ...(certificates?.contents ?? []),
    ],
  };
}
