/**
 * Which monitoring endpoints authorized identities can reach from public networks. If you close one, you must provide a
 * private endpoint for it.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-private-link
 */
export interface PublicNetworkAccess {
  /** Ingestion endpoints, to which the cluster sends metrics, logs and traces. */
  readonly ingestion: boolean;
  /** Query endpoints, from which users and Grafana read. */
  readonly query: boolean;
  /** The Grafana endpoint. */
  readonly grafana: boolean;
}

/** ARM's value of `publicNetworkAccess`. */
export function networkAccess(open: boolean): "Enabled" | "Disabled" {
  return open ? "Enabled" : "Disabled";
}
