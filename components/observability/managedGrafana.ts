import * as dashboard from "@pulumi/azure-native/dashboard";
import type * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";
import { grafanaName } from "./monitoringNames.ts";
import { networkAccess } from "../azure/publicNetworkAccess.ts";

/** Object IDs in Entra ID by principal type, which Azure requires for role assignments. */
export interface Principals {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly servicePrincipals: readonly string[];
}

/** The roles in Grafana. */
export interface GrafanaRoles {
  /** Full access. */
  readonly admins: Principals;
  /** Can edit dashboards and alerts. */
  readonly editors: Principals;
  /** Read-only access. */
  readonly viewers: Principals;
}

export interface ManagedGrafanaArgs {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  /**
   * Resource ID of the resource group with the Log Analytics workspace and Application Insights, which Grafana reads.
   */
  readonly resourceGroupId: pulumi.Output<string>;
  /** Resource ID of the Azure Monitor workspace, its data source for metrics. */
  readonly azureMonitorWorkspaceId: pulumi.Output<string>;
  /** Object ID of the Entra group whose members are Grafana admins, in addition to `roles.admins`. */
  readonly adminGroupObjectId: pulumi.Input<string>;
  readonly roles: GrafanaRoles;
  /** Whether it is reachable from public networks. */
  readonly publicNetworkAccess: boolean;
}

/**
 * Azure Managed Grafana for the metrics, without API keys: users and programs log in with Entra ID, and Grafana reads
 * with its own identity.
 *
 * @see https://learn.microsoft.com/azure/managed-grafana/how-to-share-grafana-workspace
 */
export function createManagedGrafana(
  name: string,
  args: ManagedGrafanaArgs,
  opts: pulumi.CustomResourceOptions,
): dashboard.Grafana {
  const { location, resourceGroupName, resourceGroupId, azureMonitorWorkspaceId } = args;
  const grafana = new dashboard.Grafana(
    name,
    {
      location,
      resourceGroupName,
      workspaceName: resourceGroupId.apply(grafanaName),
      sku: { name: "Standard" },
      identity: { type: "SystemAssigned" },
      properties: {
        apiKey: "Disabled",
        publicNetworkAccess: networkAccess(args.publicNetworkAccess),
        grafanaIntegrations: {
          azureMonitorWorkspaceIntegrations: [
            { azureMonitorWorkspaceResourceId: azureMonitorWorkspaceId },
          ],
        },
      },
    },
    opts,
  );

  const identity = {
    principalId: grafana.identity.apply((found) => {
      if (found === undefined) throw new Error("Azure did not create an identity for Grafana.");
      return found.principalId;
    }),
    principalType: "ServicePrincipal",
  } as const;
  assignBuiltInRole(
    `${name}-metrics-reader`,
    { role: "Monitoring Data Reader", scope: azureMonitorWorkspaceId, ...identity },
    opts,
  );
  assignBuiltInRole(
    `${name}-logs-reader`,
    { role: "Monitoring Reader", scope: resourceGroupId, ...identity },
    opts,
  );

  assignBuiltInRole(
    `${name}-administrators`,
    {
      role: "Grafana Admin",
      scope: grafana.id,
      principalId: args.adminGroupObjectId,
      principalType: "Group",
    },
    opts,
  );
  for (const { role, principalId, principalType } of holders(args.roles)) {
    assignBuiltInRole(
      // Named after the principal, not its list index, which may change.
      `${name}-${role}-${principalId.toLowerCase()}`,
      { role: `Grafana ${role}`, scope: grafana.id, principalId, principalType },
      opts,
    );
  }
  return grafana;
}

/** All principals with their roles. */
function holders({ admins, editors, viewers }: GrafanaRoles) {
  const roles = [
    ["Admin", admins],
    ["Editor", editors],
    ["Viewer", viewers],
  ] as const;
  return roles.flatMap(([role, { users, groups, servicePrincipals }]) => {
    const kinds = [
      ["User", users],
      ["Group", groups],
      ["ServicePrincipal", servicePrincipals],
    ] as const;
    return kinds.flatMap(([principalType, ids]) =>
      ids.map((principalId) => ({ role, principalId, principalType })),
    );
  });
}
