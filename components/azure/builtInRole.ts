import * as authorization from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";

/**
 * Built-in roles by name, with their GUIDs, which are the same in every tenant.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
const BUILT_IN_ROLES = {
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  "Grafana Admin": "22926164-76b3-42b3-bc55-97df8dab3e41",
  "Grafana Editor": "a79a5197-3a5c-4973-a920-486035ffd60f",
  "Grafana Viewer": "60921a7e-fef1-4a43-9b16-a26c52ad4769",
  "Key Vault Contributor": "f25e0fa2-a7c8-4377-a976-54943a77a395",
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
  "Monitoring Data Reader": "b0d8363b-8ddd-447d-831f-62ca05bff136",
  "Monitoring Reader": "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
  "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
  "Private DNS Zone Contributor": "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;

export type BuiltInRole = keyof typeof BUILT_IN_ROLES;

export interface BuiltInRoleArgs {
  readonly role: BuiltInRole;
  /** Scope of the role assignment (a resource ID). */
  readonly scope: pulumi.Input<string>;
  /** Object ID of the principal that gets the role. */
  readonly principalId: pulumi.Input<string>;
  /** Type of the principal. Azure rejects a wrong type; without one, the SDK assumes a user. */
  readonly principalType: "User" | "Group" | "ServicePrincipal";
}

/**
 * Assigns a built-in role. Pulumi generates the name of the assignment, a GUID, and keeps it in the state. A name
 * derived from scope and principal would be unknown in a first preview, and no more stable later.
 */
export function assignBuiltInRole(
  name: string,
  { role, scope, principalId, principalType }: BuiltInRoleArgs,
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  const roleDefinitionId = pulumi.output(scope).apply((id) => roleDefinition(role, id));
  return new authorization.RoleAssignment(
    name,
    { scope, roleDefinitionId, principalId, principalType },
    opts,
  );
}

/**
 * Resource ID of a built-in role in the form that Azure returns. With any other form, every refresh would lead to a
 * replacement.
 *
 * @see https://github.com/Azure/azure-rest-api-specs/issues/11103
 */
export function roleDefinition(role: BuiltInRole, scope: string): string {
  const [subscription = ""] = /^\/subscriptions\/[^/]+/i.exec(scope) ?? [];
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${BUILT_IN_ROLES[role]}`;
}
