import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { collectionName } from "../observability/monitoringNames.ts";

export interface ClusterLogsArgs {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly logAnalyticsWorkspaceId: pulumi.Input<string>;
  /** Resource ID of the cluster whose logs go there. */
  readonly clusterId: pulumi.Input<string>;
  /** Whether the output of containers is kept; the cluster's monitoring add-on, `omsagent`, reads it. */
  readonly containers: boolean;
  /**
   * Categories of the Kubernetes control plane's logs to keep, such as `kube-audit-admin`.
   *
   * @see https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
   */
  readonly controlPlane: readonly string[];
}

/**
 * What a cluster writes to the Log Analytics workspace: the output of containers, access logs of sidecars among it, in
 * the table `ContainerLogV2`, and the control plane's logs in `AKSAuditAdmin`, `AKSAudit` and `AKSControlPlane`.
 */
export function clusterLogs(
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
      // Tables of their own. The one that all services share costs more, and has the columns of all of them.
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

/** Without the tables of metrics, which Prometheus has already: what the portal calls "Logs and Events". */
const STREAMS = [
  "Microsoft-ContainerLogV2",
  "Microsoft-KubeEvents",
  "Microsoft-KubePodInventory",
] as const;

const EXTENSION = "ContainerInsightsExtension";

const DESTINATION = "ciworkspace";
