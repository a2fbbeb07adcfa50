import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { networkAccess } from "../azure/publicNetworkAccess.ts";
import type { PublicNetworkAccess } from "../azure/publicNetworkAccess.ts";

export interface LogWorkspaceArgs {
  /** Azure region, such as `westeurope`; the cluster's, so that logs do not leave it. */
  readonly location: string;
  /** Days for which logs can be queried, 30 to 730. The price of a log covers the first 31. */
  readonly retentionInDays: number;
  /**
   * Whether only identities of Entra ID may write. Everything of this project does so with an identity; the sensor of
   * Defender for Containers still takes the workspace's key.
   *
   * @see https://github.com/Azure/Microsoft-Defender-for-Cloud/issues/1010
   */
  readonly disableLocalAuth: boolean;
  readonly publicNetworkAccess: PublicNetworkAccess;
}

/**
 * The Log Analytics workspace for the logs of a cluster, in the resource group for everything that observes it. Both
 * come before the cluster, which takes the workspace as an input, and stay when the cluster is replaced.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/log-analytics-workspace-overview
 */
export class LogWorkspace extends pulumi.ComponentResource {
  /** For what a cluster sends its logs with: the monitoring add-on, Defender, diagnostic settings. */
  readonly logAnalyticsWorkspaceId: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly resourceGroupId: pulumi.Output<string>;

  constructor(name: string, args: LogWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { location, retentionInDays, disableLocalAuth, publicNetworkAccess } = args;
    super("aks-istio:index:LogWorkspace", name, { location, retentionInDays }, opts);
    const children = { parent: this };

    const group = new resources.ResourceGroup(`${name}-group`, { location }, children);
    const workspace = new operationalinsights.Workspace(
      name,
      {
        location,
        resourceGroupName: group.name,
        sku: { name: "PerGB2018" },
        retentionInDays,
        features: {
          disableLocalAuth,
          // Who may read a cluster may read its logs, and needs no rights on all logs.
          enableLogAccessUsingOnlyResourcePermissions: true,
        },
        publicNetworkAccessForIngestion: networkAccess(publicNetworkAccess.ingestion),
        publicNetworkAccessForQuery: networkAccess(publicNetworkAccess.query),
      },
      children,
    );
    this.logAnalyticsWorkspaceId = workspace.id;
    this.resourceGroupName = group.name;
    this.resourceGroupId = group.id;
    this.registerOutputs({
      logAnalyticsWorkspaceId: this.logAnalyticsWorkspaceId,
      resourceGroupName: this.resourceGroupName,
    });
  }
}
