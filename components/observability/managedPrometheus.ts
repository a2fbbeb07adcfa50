import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { collectionName } from "./monitoringNames.ts";
import { networkAccess } from "../azure/publicNetworkAccess.ts";
import type { PublicNetworkAccess } from "../azure/publicNetworkAccess.ts";

export interface ManagedPrometheusArgs {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Resource ID of the cluster, whose `azureMonitorProfile.metrics` sends the metrics. */
  readonly clusterId: pulumi.Input<string>;
  readonly publicNetworkAccess: PublicNetworkAccess;
}

/** The workspace that stores the metrics, and the cluster's associations with it. */
export interface ManagedPrometheus {
  readonly workspace: monitor.AzureMonitorWorkspace;
  readonly associations: readonly monitor.DataCollectionRuleAssociation[];
}

/**
 * Azure Monitor managed service for Prometheus: the workspace, its data collection rule and endpoint, and their
 * associations with the cluster. Unlike the Azure CLI, ARM does not create these when a cluster's metrics are enabled.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable-arm
 */
export function createManagedPrometheus(
  name: string,
  args: ManagedPrometheusArgs,
  opts: pulumi.CustomResourceOptions,
): ManagedPrometheus {
  const { location, resourceGroupName, clusterId: resourceUri, publicNetworkAccess } = args;
  const place = { location, resourceGroupName };
  const collection = pulumi
    .output(resourceUri)
    .apply((id) => collectionName("MSProm", location, id));

  const workspace = new monitor.AzureMonitorWorkspace(
    name,
    { ...place, publicNetworkAccess: networkAccess(publicNetworkAccess.query) },
    opts,
  );
  const endpoint = new monitor.DataCollectionEndpoint(
    `${name}-endpoint`,
    {
      ...place,
      dataCollectionEndpointName: collection,
      kind: "Linux",
      networkAcls: { publicNetworkAccess: networkAccess(publicNetworkAccess.ingestion) },
    },
    opts,
  );
  const rule = new monitor.DataCollectionRule(
    `${name}-metrics`,
    {
      ...place,
      dataCollectionRuleName: collection,
      kind: "Linux",
      dataCollectionEndpointId: endpoint.id,
      dataSources: {
        prometheusForwarder: [
          { name: "PrometheusDataSource", streams: [...STREAMS], labelIncludeFilter: {} },
        ],
      },
      destinations: {
        monitoringAccounts: [{ name: DESTINATION, accountResourceId: workspace.id }],
      },
      dataFlows: [{ streams: [...STREAMS], destinations: [DESTINATION] }],
    },
    opts,
  );
  const associations = [
    new monitor.DataCollectionRuleAssociation(
      `${name}-metrics`,
      { resourceUri, associationName: collection, dataCollectionRuleId: rule.id },
      opts,
    ),
    // The required name, one per cluster. The agents fetch their rules from there.
    new monitor.DataCollectionRuleAssociation(
      `${name}-endpoint`,
      {
        resourceUri,
        associationName: "configurationAccessEndpoint",
        dataCollectionEndpointId: endpoint.id,
      },
      opts,
    ),
  ];
  return { workspace, associations };
}

const STREAMS = ["Microsoft-PrometheusMetrics"] as const;

const DESTINATION = "MonitoringAccount1";
