import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { collectionName } from "../observability/monitoringNames.ts";

export interface ClusterLogsArgs {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly logAnalyticsWorkspaceId: pulumi.Input<string>;
  /** Resource ID of the cluster. */
  readonly clusterId: pulumi.Input<string>;
  /** Whether to collect container logs, with the cluster's monitoring add-on `omsagent`. */
  readonly containers: boolean;
  /**
   * Control plane log categories to collect, such as `kube-audit-admin`.
   *
   * @see https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
   */
  readonly controlPlane: readonly string[];
}

/**
 * Sends a cluster's logs to the Log Analytics workspace: container logs, including the sidecars' access logs, to the
 * table `ContainerLogV2`, and control plane logs to `AKSAuditAdmin`, `AKSAudit` and `AKSControlPlane`.
 */
export function collectClusterLogs(
  name: string,
  args: ClusterLogsArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  if (args.containers) containerLogs(name, args, opts);
  if (args.controlPlane.length === 0) return;
  new monitor.DiagnosticSetting(
    `${name}-control-plane`,
    {
      resourceUri: args.clusterId,
      workspaceId: args.logAnalyticsWorkspaceId,
      // Resource-specific tables. The shared table costs more, and has the columns of all services.
      logAnalyticsDestinationType: "Dedicated",
      logs: args.controlPlane.map((category) => ({ category, enabled: true })),
    },
    opts,
  );
}

/** @see https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable-arm#container-logs */
function containerLogs(
  name: string,
  args: ClusterLogsArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { location, resourceGroupName, clusterId: resourceUri } = args;
  const rule = new monitor.DataCollectionRule(
    `${name}-containers`,
    {
      location,
      resourceGroupName,
      dataCollectionRuleName: pulumi
        .output(resourceUri)
        .apply((id) => collectionName("MSCI", location, id)),
      kind: "Linux",
      dataSources: {
        extensions: [
          {
            name: EXTENSION,
            extensionName: "ContainerInsights",
            streams: [...STREAMS],
            extensionSettings: {
              dataCollectionSettings: {
                interval: "1m",
                namespaceFilteringMode: "Off",
                enableContainerLogV2: true,
              },
            },
          },
        ],
      },
      destinations: {
        logAnalytics: [{ name: DESTINATION, workspaceResourceId: args.logAnalyticsWorkspaceId }],
      },
      dataFlows: [{ streams: [...STREAMS], destinations: [DESTINATION] }],
    },
    opts,
  );
  new monitor.DataCollectionRuleAssociation(
    `${name}-containers`,
    { resourceUri, associationName: EXTENSION, dataCollectionRuleId: rule.id },
    opts,
  );
}

/** The portal's "Logs and Events" preset: without metrics, which Prometheus already has. */
const STREAMS = [
  "Microsoft-ContainerLogV2",
  "Microsoft-KubeEvents",
  "Microsoft-KubePodInventory",
] as const;

const EXTENSION = "ContainerInsightsExtension";

const DESTINATION = "ciworkspace";
