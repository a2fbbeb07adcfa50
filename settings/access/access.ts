import { z } from "zod";
import { ObjectId, keys, list } from "../core/scalars.ts";
import { isMap } from "../core/path.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

const NOBODY =
  "must have at least one object ID: local accounts are disabled, so only administrators can access the cluster";

/** The key `aks-istio:access`. */
export const Access = keys({
  administrators: list(ObjectId)
    .min(1, { error: NOBODY })
    .default([])
    .describe(
      "The Entra object IDs of the users, groups and service principals that administer the cluster. They become members of a group that the program creates. Required without adminGroupId.",
    ),
  adminGroupId: ObjectId.optional().describe(
    "The object ID of an existing Entra group whose members administer the cluster, instead of administrators. pulumi up then needs no rights in the directory.",
  ),
  kubelogin: z
    .enum(["azurecli", "azd", "msi", "workloadidentity"])
    .default("azurecli")
    .describe("How kubelogin signs in the identity that runs pulumi up."),
}).describe(
  "Who administers the cluster. The identity that runs pulumi up must be one of the administrators.",
);

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
