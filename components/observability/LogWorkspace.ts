import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { networkAccess } from "../azure/publicNetworkAccess.ts";
import type { PublicNetworkAccess } from "../azure/publicNetworkAccess.ts";

export interface LogWorkspaceArgs {
  /** Azure region, such as `westeurope`; use the cluster's, so logs do not leave it. */
  readonly location: string;
  /** Days of retention, 30 to 730. The first 31 days are included in the price of ingestion. */
  readonly retentionInDays: number;
  /**
   * Whether only Entra ID identities may write. This project always writes with an identity, but the sensor of Defender
   * for Containers still requires the workspace's key.
   *
   * @see https://github.com/Azure/Microsoft-Defender-for-Cloud/issues/1010
   */
  readonly disableLocalAuth: boolean;
  readonly publicNetworkAccess: PublicNetworkAccess;
}

/**
 * The Log Analytics workspace for a cluster's logs, and the resource group for all monitoring resources. Both exist
 * before the cluster, which uses the workspace as an input, and survive its replacement.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/log-analytics-workspace-overview
 */
export class LogWorkspace extends pulumi.ComponentResource {
  /** Workspace ID for the monitoring add-on, Defender and diagnostic settings. */
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
          // Read access to a cluster includes its logs, without access to all logs.
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
