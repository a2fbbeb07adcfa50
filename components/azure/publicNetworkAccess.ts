/**
 * What of the monitoring can be reached from public networks, by identities that may. What cannot is reached through
 * private endpoints, which whoever closes it has to provide.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-private-link
 */
export interface PublicNetworkAccess {
  /** Where the cluster sends metrics, logs and traces. */
  readonly ingestion: boolean;
  /** Where people and Grafana read them. */
  readonly query: boolean;
  /** Grafana itself. */
  readonly grafana: boolean;
}

/** The word of ARM for it. */
export function networkAccess(open: boolean): "Enabled" | "Disabled" {
  return open ? "Enabled" : "Disabled";
}
