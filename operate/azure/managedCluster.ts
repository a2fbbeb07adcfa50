import type { ManagedCluster } from "@azure/arm-containerservice";
import { all, ask, askFor } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";
import { containerService } from "./containerService.ts";

/** The name of a cluster and of its resource group. */
export interface ClusterName {
  readonly resourceGroup: string;
  readonly name: string;
}

/**
 * Whether a JSON value is a cluster as `az aks show` prints it. ARM's own form, with `properties`, is not.
 *
 * @see https://learn.microsoft.com/cli/azure/aks#az-aks-show
 */
export function isManagedCluster(value: unknown): value is ManagedCluster {
  if (typeof value !== "object" || value === null) return false;
  const { type, properties } = value as Readonly<Record<string, unknown>>;
  const isCluster =
    typeof type === "string" && type.toLowerCase() === "microsoft.containerservice/managedclusters";
  return isCluster && properties === undefined;
}

/**
 * A cluster; undefined if it does not exist.
 *
 * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/get
 */
export function readManagedCluster(
  azure: Azure,
  { resourceGroup, name }: ClusterName,
): Promise<Answer<ManagedCluster | undefined>> {
  return askFor(`the cluster ${name} in the resource group ${resourceGroup}`, async () =>
    (await containerService(azure)).managedClusters.get(resourceGroup, name),
  );
}

/**
 * All clusters of the subscription.
 *
 * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/list
 */
export function readManagedClusters(azure: Azure): Promise<Answer<readonly ManagedCluster[]>> {
  return ask("the clusters of the subscription", async () =>
    all((await containerService(azure)).managedClusters.list()),
  );
}

/** The resource group in the ID of a cluster. */
export function resourceGroupOf({ id = "" }: ManagedCluster): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? "";
}
