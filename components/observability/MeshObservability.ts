import * as applicationinsights from "@pulumi/azure-native/applicationinsights";
import * as pulumi from "@pulumi/pulumi";
import { collectClusterLogs } from "../cluster/clusterLogs.ts";
import type { ClusterLogsArgs } from "../cluster/clusterLogs.ts";
import type { LogWorkspace } from "./LogWorkspace.ts";
import { createManagedGrafana } from "./managedGrafana.ts";
import type { GrafanaRoles } from "./managedGrafana.ts";
import { createManagedPrometheus } from "./managedPrometheus.ts";
import { createMeshMonitors } from "./meshMonitors.ts";
import type { MeshMonitorsArgs } from "./meshMonitors.ts";
import { networkAccess } from "../azure/publicNetworkAccess.ts";
import type { PublicNetworkAccess } from "../azure/publicNetworkAccess.ts";
import { retryUntilAddOnsArrive } from "../azure/retries.ts";

export interface MeshObservabilityArgs {
  /** Azure region of the cluster, such as `westeurope`. */
  readonly location: string;
  /** Destination of logs and traces; the component's resources join its resource group. */
  readonly workspace: LogWorkspace;
  /**
   * The cluster. It sends metrics with `azureMonitorProfile.metrics`, and container logs with its add-on `omsagent`.
   */
  readonly cluster: pulumi.CustomResource;
  /** Object ID of the Entra group whose members administer Grafana. */
  readonly adminGroupObjectId: pulumi.Input<string>;
  readonly metrics: MeshMonitorsArgs;
  readonly logs: Pick<ClusterLogsArgs, "containers" | "controlPlane">;
  /** Further Grafana roles. */
  readonly grafana: GrafanaRoles;
  readonly publicNetworkAccess: PublicNetworkAccess;
}

/**
 * Metrics, logs and traces of a mesh: managed Prometheus with the metrics of istiod, gateways and sidecars, the
 * cluster's logs, Application Insights for the workloads' traces, and Grafana.
 *
 * It depends on the cluster, uses the cluster's Kubernetes provider, and survives the cluster. Azure charges for
 * ingested data, and for Grafana by the hour and by the user.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-overview
 */
export class MeshObservability extends pulumi.ComponentResource {
  /** Resource ID of the workspace that keeps the metrics. */
  readonly azureMonitorWorkspaceId: pulumi.Output<string>;
  /** URL of Grafana. */
  readonly grafanaEndpoint: pulumi.Output<string>;
  /**
   * Connection string for workloads that send traces; a secret. Their identity also requires the role Monitoring
   * Metrics Publisher on the Application Insights resource.
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication
   */
  readonly applicationInsightsConnectionString: pulumi.Output<string>;

  constructor(name: string, args: MeshObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    const { location, workspace, cluster, metrics, logs, publicNetworkAccess } = args;
    super("aks-istio:index:MeshObservability", name, { location, ...metrics }, opts);
    const children = { parent: this };
    const { resourceGroupName, resourceGroupId, logAnalyticsWorkspaceId } = workspace;
    const place = { location, resourceGroupName };
    const { id: clusterId } = cluster;

    const prometheus = createManagedPrometheus(
      name,
      { ...place, clusterId, publicNetworkAccess },
      children,
    );
    collectClusterLogs(name, { ...place, ...logs, clusterId, logAnalyticsWorkspaceId }, children);
    const insights = new applicationinsights.Component(
      `${name}-insights`,
      {
        ...place,
        applicationType: "web",
        kind: "web",
        workspaceResourceId: logAnalyticsWorkspaceId,
        disableLocalAuth: true,
        publicNetworkAccessForIngestion: networkAccess(publicNetworkAccess.ingestion),
        publicNetworkAccessForQuery: networkAccess(publicNetworkAccess.query),
      },
      { ...children, additionalSecretOutputs: ["connectionString", "instrumentationKey"] },
    );
    const grafana = createManagedGrafana(
      `${name}-grafana`,
      {
        ...place,
        resourceGroupId,
        azureMonitorWorkspaceId: prometheus.workspace.id,
        adminGroupObjectId: args.adminGroupObjectId,
        roles: args.grafana,
        publicNetworkAccess: publicNetworkAccess.grafana,
      },
      children,
    );
    createMeshMonitors(name, metrics, {
      ...children,
      deletedWith: cluster,
      // Last, because their CRDs come with the cluster's metrics, some time after Azure reports the
      // cluster as ready.
      dependsOn: [...prometheus.associations, grafana],
      hooks: retryUntilAddOnsArrive(`MeshObservability ${name}`),
    });

    this.azureMonitorWorkspaceId = prometheus.workspace.id;
    this.grafanaEndpoint = grafana.properties.endpoint;
    this.applicationInsightsConnectionString = pulumi.secret(insights.connectionString);
    this.registerOutputs({
      azureMonitorWorkspaceId: this.azureMonitorWorkspaceId,
      grafanaEndpoint: this.grafanaEndpoint,
    });
  }
}
