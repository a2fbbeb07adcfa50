import * as dashboard from "@pulumi/azure-native/dashboard";
import type * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";
import { grafanaName } from "./monitoringNames.ts";
import { networkAccess } from "../azure/publicNetworkAccess.ts";

/** Object IDs in Entra ID by kind, which Azure wants to know of everyone that gets a role. */
export interface Principals {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly servicePrincipals: readonly string[];
}

/** Who may do what in Grafana. */
export interface GrafanaRoles {
  /** May do everything. */
  readonly admins: Principals;
  /** May change dashboards and alerts. */
  readonly editors: Principals;
  /** May look. */
  readonly viewers: Principals;
}

export interface ManagedGrafanaArgs {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Resource ID of the group with the Log Analytics workspace and Application Insights, which it may read. */
  readonly resourceGroupId: pulumi.Output<string>;
  /** Resource ID of the workspace with the metrics, its data source. */
  readonly azureMonitorWorkspaceId: pulumi.Output<string>;
  /** Object ID of the Entra group whose members are Grafana's admins, whoever else is. */
  readonly adminGroupObjectId: pulumi.Input<string>;
  readonly roles: GrafanaRoles;
  /** Whether it can be reached from public networks. */
  readonly publicNetworkAccess: boolean;
}

/**
 * Azure Managed Grafana on the metrics, without keys: people and programs log in with Entra ID, and it reads with an
 * identity of its own.
 *
 * @see https://learn.microsoft.com/azure/managed-grafana/how-to-share-grafana-workspace
 */
export function managedGrafana(
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
      if (found === undefined) throw new Error("Azure gave Grafana no identity.");
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
      // After who holds it, not after a place in a list, which another may have next time.
      `${name}-${role}-${principalId.toLowerCase()}`,
      { role: `Grafana ${role}`, scope: grafana.id, principalId, principalType },
      opts,
    );
  }
  return grafana;
}

/** Everyone with what they may do, one by one. */
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
