import type { ManagedCluster } from "@azure/arm-containerservice";
import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import type { Answer } from "../azure/answer.ts";
import type { Azure } from "../azure/azure.ts";
import { resourceGroupOf } from "../azure/managedCluster.ts";
import { readMeshUpgrades, readOfferedRevisions } from "../azure/meshRevisions.ts";

/** What Azure says of the mesh of a cluster. */
export interface AzureMesh {
  readonly cluster: ManagedCluster;
  /** What the mesh may be upgraded to. Azure does not tell while an upgrade is in progress. */
  readonly upgrades: Answer<OfferedRevision | undefined>;
  /** What the region offers. */
  readonly offered: Answer<readonly OfferedRevision[]>;
}

/** @throws AccessError if Azure cannot be reached, or refuses the identity */
export async function readAzureMesh(azure: Azure, cluster: ManagedCluster): Promise<AzureMesh> {
  const { name = "", location } = cluster;
  const [upgrades, offered] = await Promise.all([
    readMeshUpgrades(azure, { resourceGroup: resourceGroupOf(cluster), name }),
    readOfferedRevisions(azure, location),
  ]);
  return { cluster, upgrades, offered };
}
