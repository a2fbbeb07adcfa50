import { isMap } from "../core/path.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

/** Either the members of a group that the program makes, or a group that is there. */
export function requireAdministrators(values: Values): readonly Violation[] {
  const { access } = values;
  if (!isMap(access)) return [];
  const [members, group] = ["administrators", "adminGroupId"].map((key) =>
    Object.hasOwn(access, key),
  );
  if (members === true && group === true) {
    const rule =
      "has no effect with adminGroupId, whose members administer the cluster; remove one of the two";
    return [{ steps: ["access", "administrators"], rule, hideValue: true }];
  }
  if (members === true || group === true) return [];
  return [
    {
      steps: ["access", "administrators"],
      rule: "must list the object IDs of the cluster's administrators, including the identity that runs pulumi up; or set adminGroupId to the object ID of an Entra group that contains them",
    },
  ];
}
