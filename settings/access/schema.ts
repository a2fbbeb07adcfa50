import { z } from "zod";
import { ObjectId, keys, list } from "../core/scalars.ts";
import { alternatives } from "../core/unions.ts";

const NOBODY =
  "must have at least one object ID: local accounts are disabled, so only administrators can access the cluster";

/** The key `aks-istio:access`. */
export const Access = alternatives(
  keys({
    administrators: list(ObjectId)
      .min(1, { error: NOBODY })
      .optional()
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
  }),
  [["administrators"], ["adminGroupId"]],
  {
    at: "administrators",
    none: "must list the object IDs of the cluster's administrators, including the identity that runs pulumi up; or set adminGroupId to the object ID of an Entra group that contains them",
    several: () =>
      "has no effect with adminGroupId, whose members administer the cluster; remove one of the two",
  },
).describe(
  "Who administers the cluster. The identity that runs pulumi up must be one of the administrators.",
);
