import type * as inputs from "@pulumi/azure-native/types/input.js";
import type * as pulumi from "@pulumi/pulumi";

/** What of a cluster is watched. */
export interface ClusterMonitoringArgs {
  /** Whether its agents collect metrics for managed Prometheus; where to is another matter. @default false */
  readonly metrics?: boolean | undefined;
  /** Resource ID of the Log Analytics workspace for the output of containers. @default - it is not collected */
  readonly containerLogsWorkspaceId?: pulumi.Input<string> | undefined;
  /**
   * Resource ID of the Log Analytics workspace for what the control plane was asked and did: who asked for what
   * (without the reading), who was let in, and what controllers and autoscaler did. In addition to whatever else is
   * done with the same logs.
   *
   * @default - it is not kept
   * @see https://learn.microsoft.com/azure/aks/monitor-aks#aks-control-planeresource-logs
   */
  readonly auditWorkspaceId?: pulumi.Input<string> | undefined;
  /**
   * Resource ID of the Log Analytics workspace for Defender for Containers, whose sensor then runs on the nodes.
   *
   * @default - Defender does not look into the cluster
   * @see https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction
   */
  readonly defenderWorkspaceId?: pulumi.Input<string> | undefined;
}

/** The control plane's logs that are worth their price to everybody. */
export const AUDIT_LOGS = [
  "kube-audit-admin",
  "guard",
  "kube-controller-manager",
  "cluster-autoscaler",
] as const;

export function azureMonitorProfile({
  metrics,
}: ClusterMonitoringArgs): inputs.containerservice.ManagedClusterAzureMonitorProfileArgs {
  return { metrics: { enabled: metrics ?? false } };
}

/** The add-on that collects the output of containers. */
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
