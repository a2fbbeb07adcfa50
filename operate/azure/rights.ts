import type { RoleAssignment } from "@azure/arm-authorization";
import { all, ask } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";

/** A role that an identity has at a scope, directly, by a group, or by a scope above. */
export interface Role {
  readonly name: string;
  /** Patterns of actions, such as `Microsoft.Network/*`. */
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  /** Whether it holds only under a condition, such as the roles that may be assigned. */
  readonly conditional: boolean;
}

/**
 * The active roles of an identity at a scope. Those that must first be activated in Privileged Identity Management are
 * not among them, and deny assignments are not considered.
 *
 * @param scope a resource ID, such as `/subscriptions/<ID>`
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 * @see https://learn.microsoft.com/rest/api/authorization/role-definitions/get-by-id
 */
export function readRoles(
  { subscriptionId, credential, options }: Azure,
  principalId: string,
  scope: string,
): Promise<Answer<readonly Role[]>> {
  return ask(`your role assignments at ${scope}`, async () => {
    const { AuthorizationManagementClient } = await import("@azure/arm-authorization");
    const client = new AuthorizationManagementClient(credential, subscriptionId, options);
    const assignments = await all(
      // Includes those of the groups that the identity is in, and those at scopes above and below.
      client.roleAssignments.listForScope(scope, { filter: `assignedTo('${principalId}')` }),
    );
    const roles = new Map<string, Role>();
    for (const { roleDefinitionId = "", condition } of assignments.filter(appliesAt(scope))) {
      const conditional = (condition ?? "") !== "";
      // Without a condition, a role allows more than with one.
      if (roles.get(roleDefinitionId)?.conditional === false) continue;
      const { roleName = "", permissions = [] } =
        await client.roleDefinitions.getById(roleDefinitionId);
      roles.set(roleDefinitionId, {
        name: roleName,
        actions: permissions.flatMap(({ actions = [] }) => actions),
        notActions: permissions.flatMap(({ notActions = [] }) => notActions),
        conditional,
      });
    }
    return [...roles.values()];
  });
}

/** Whether an assignment is at a scope or above it; management groups are above every subscription. */
function appliesAt(scope: string): (assignment: RoleAssignment) => boolean {
  const wanted = `${scope.toLowerCase()}/`;
  return ({ scope: at = "" }) =>
    at === "/" ||
    /^\/providers\/Microsoft\.Management\/managementGroups\//i.test(at) ||
    wanted.startsWith(`${at.toLowerCase()}/`);
}

/**
 * Whether a role allows an action of the control plane. Patterns ignore case, and `*` also stands for slashes.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-definitions#control-and-data-actions
 */
export function allows({ actions, notActions }: Role, action: string): boolean {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .split("*")
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
      "i",
    ).test(action);
  return actions.some(matches) && !notActions.some(matches);
}
