import type { MeshRevision as ArmRevision } from "@azure/arm-containerservice";
import { compareRevisions, isMeshRevision } from "../../mesh/revision.ts";
import { ask, askFor } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import type { Azure } from "./azure.ts";
import { containerService } from "./containerService.ts";
import type { ClusterName } from "./managedCluster.ts";

/** The only kind of mesh that Azure has profiles of. */
const MODE = "istio";

/**
 * The revisions that a region offers, oldest first; what `az aks mesh get-revisions` shows.
 *
 * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/get-mesh-revision-profile
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions
 */
export function readOfferedRevisions(
  azure: Azure,
  location: string,
): Promise<Answer<readonly OfferedRevision[]>> {
  return ask(`the mesh revisions of ${location}`, async () => {
    const client = await containerService(azure);
    const { properties } = await client.managedClusters.getMeshRevisionProfile(location, MODE);
    return (properties?.meshRevisions ?? [])
      .flatMap(offeredRevision)
      .sort((a, b) => compareRevisions(a.revision, b.revision));
  });
}

/**
 * What the mesh of a cluster can be upgraded to; undefined if the cluster or its mesh does not exist. It is not known
 * while an upgrade is in progress: Azure answers with the conflict `ServiceMeshUpgradeInProgress`.
 *
 * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/get-mesh-upgrade-profile
 */
export function readMeshUpgrades(
  azure: Azure,
  { resourceGroup, name }: ClusterName,
): Promise<Answer<OfferedRevision | undefined>> {
  return askFor(`the mesh upgrades of the cluster ${name}`, async () => {
    const client = await containerService(azure);
    const profile = await client.managedClusters.getMeshUpgradeProfile(resourceGroup, name, MODE);
    return offeredRevision(profile.properties ?? {})[0];
  });
}

function offeredRevision({
  revision = "",
  upgrades = [],
  compatibleWith = [],
}: ArmRevision): readonly OfferedRevision[] {
  if (!isMeshRevision(revision)) return [];
  return [
    {
      revision,
      upgrades: upgrades.filter(isMeshRevision).sort(compareRevisions),
      kubernetes: Object.fromEntries(
        compatibleWith.map(({ name = "", versions = [] }) => [name, versions]),
      ),
    },
  ];
}
