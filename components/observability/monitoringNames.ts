import { createHash } from "node:crypto";

/** Maximum length of a data collection endpoint's name; a rule's may be longer. */
const LONGEST_COLLECTION_NAME = 44;

/**
 * Name of a data collection rule or endpoint of a cluster. Same as from the Azure CLI and portal, including truncation,
 * so users recognize it.
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
 * Name of the Grafana in a resource group, which is part of its URL. It is limited to 23 characters, fewer than an
 * auto-generated Pulumi name may have. A hash of the resource group ID distinguishes stacks.
 *
 * @see https://learn.microsoft.com/rest/api/managed-grafana/grafana/create
 */
export function grafanaName(resourceGroupId: string): string {
  // The case of Azure resource IDs varies.
  const hash = createHash("sha256").update(resourceGroupId.toLowerCase()).digest("hex");
  return `grafana-${hash.slice(0, 12)}`;
}
