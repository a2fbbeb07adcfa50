import { createHash } from "node:crypto";

/** What Azure allows for a data collection endpoint; a rule may have more. */
const LONGEST_COLLECTION_NAME = 44;

/**
 * Name of what collects data from a cluster: the one that Azure CLI and portal would give it, cut off where theirs is.
 * By it people tell whose it is.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable
 */
export function collectionName(
  prefix: "MSProm" | "MSCI",
  location: string,
  clusterId: string,
): string {
  const cluster = clusterId.slice(clusterId.lastIndexOf("/") + 1);
  return `${prefix}-${location}-${cluster}`.slice(0, LONGEST_COLLECTION_NAME).replace(/-+$/, "");
}

/**
 * Name of the Grafana in a resource group, which goes into its URL. It has to fit 23 characters, fewer than a name that
 * Pulumi makes up may have; a hash of where it is tells it from the Grafana of another stack.
 *
 * @see https://learn.microsoft.com/rest/api/managed-grafana/grafana/create
 */
export function grafanaName(resourceGroupId: string): string {
  // Azure does not always write an ID in the same case.
  const hash = createHash("sha256").update(resourceGroupId.toLowerCase()).digest("hex");
  return `grafana-${hash.slice(0, 12)}`;
}
