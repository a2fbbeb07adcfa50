import type * as inputs from "@pulumi/azure-native/types/input.js";
import type * as pulumi from "@pulumi/pulumi";

/** Monitoring settings of a cluster. */
export interface ClusterMonitoringArgs {
  /**
   * Whether its agents collect metrics for managed Prometheus; the destination is configured separately. @default false
   */
  readonly metrics?: boolean | undefined;
  /** Resource ID of the Log Analytics workspace for container logs. @default - not collected */
  readonly containerLogsWorkspaceId?: pulumi.Input<string> | undefined;
  /**
   * Resource ID of the Log Analytics workspace for audit logs of the control plane: write requests, authentication,
   * controllers and autoscaler. Independent of other destinations of the same logs.
   *
   * @default - not collected
   * @see https://learn.microsoft.com/azure/aks/monitor-aks#aks-control-planeresource-logs
   */
  readonly auditWorkspaceId?: pulumi.Input<string> | undefined;
  /**
   * Resource ID of the Log Analytics workspace for Defender for Containers, whose sensor then runs on the nodes.
   *
   * @default - Defender is not enabled
   * @see https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction
   */
  readonly defenderWorkspaceId?: pulumi.Input<string> | undefined;
}

export function azureMonitorProfile({
  metrics,
}: ClusterMonitoringArgs): inputs.containerservice.ManagedClusterAzureMonitorProfileArgs {
  return { metrics: { enabled: metrics ?? false } };
}

/** The add-on that collects container logs. */
export function omsagent({
  containerLogsWorkspaceId: workspace,
}: ClusterMonitoringArgs): inputs.containerservice.ManagedClusterAddonProfileArgs {
  return workspace === undefined
    ? { enabled: false }
    : {
        enabled: true,
        config: { logAnalyticsWorkspaceResourceID: workspace, useAADAuth: "true" },
      };
}

export function defender({
  defenderWorkspaceId: workspace,
}: ClusterMonitoringArgs): inputs.containerservice.ManagedClusterSecurityProfileDefenderArgs {
  return {
    securityMonitoring: { enabled: workspace !== undefined },
    ...(workspace !== undefined && { logAnalyticsWorkspaceResourceId: workspace }),
  };
}
