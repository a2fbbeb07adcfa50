import { isOfKind } from "../kinds.ts";
import { Refused } from "../refused.ts";
import type { Asked } from "../asked.ts";

const ROLE_ASSIGNMENT = "authorization:RoleAssignment";

/**
 * The same role for the same principal and scope under another name.
 *
 * @see
 * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-sometimes-fails-with-rest-api-or-arm-templates
 */
export function assignedAlready({ type, id, inputs, cloud }: Asked): Refused | undefined {
  if (!isOfKind(type, ROLE_ASSIGNMENT)) return undefined;
  const key = keyOf(inputs);
  const same = cloud.all.some(
    (other) =>
      isOfKind(other.type, ROLE_ASSIGNMENT) && other.id !== id && keyOf(other.inputs) === key,
  );
  return same
    ? new Refused(409, "RoleAssignmentExists", "The role assignment already exists.")
    : undefined;
}

function keyOf({ scope, principalId, roleDefinitionId }: Asked["inputs"]): string {
  return [scope, principalId, roleDefinitionId].map(String).join(" ").toLowerCase();
}
