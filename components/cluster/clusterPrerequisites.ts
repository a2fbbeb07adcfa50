import type * as pulumi from "@pulumi/pulumi";
import { inVirtualNetwork } from "./apiServer.ts";
import { clusterNetwork } from "./clusterNetwork.ts";
import type { ClusterNetwork } from "./clusterNetwork.ts";
import { keyRoles } from "./keyManagement.ts";
import { managedIdentities } from "./managedIdentities.ts";
import type { ManagedIdentities } from "./managedIdentities.ts";
import type { MeshCertificates } from "../mesh/MeshCertificates.ts";
import type { MeshClusterArgs } from "./meshClusterArgs.ts";
import { networkRoles } from "./networkRoles.ts";
import type { NodePoolContext } from "./nodePool.ts";
import { previewFeatures } from "./previewFeatures.ts";
import { registryRoles } from "./registryRoles.ts";

/** What there is before the cluster. */
export interface ClusterPrerequisites {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly identities: ManagedIdentities;
  readonly network: ClusterNetwork;
  /** What all its pools have in common. */
  readonly pools: NodePoolContext;
  /** The CA of the mesh, if it is not Istio's own. */
  readonly certificates: MeshCertificates | undefined;
  /** What the cluster waits for, beyond what it takes values from. */
  readonly before: readonly pulumi.Resource[];
}

/** Makes what the cluster stands on: who it is, where it is, and what it may. */
export function clusterPrerequisites(
  name: string,
  args: MeshClusterArgs,
  resourceGroupName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): ClusterPrerequisites {
  const { location, kubernetesVersion, zones, nodeSecurity, autoUpgrade, apiServer, protect } =
    args;
  const place = { location, resourceGroupName };
  const identities = managedIdentities(name, place, opts);
  const withApiServer = inVirtualNetwork(apiServer);
  const network = clusterNetwork(
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
    before: [
      identities.operator,
      ...registryRoles(name, args.containerRegistryIds ?? [], identities.kubelet, opts),
      ...networkRoles(name, apiServer, network, principalId, opts),
      ...keyRoles(name, args.kms, principalId, opts),
      ...previewFeatures(name, args.previewFeatures, opts),
      ...(certificates?.contents ?? []),
    ],
  };
}
