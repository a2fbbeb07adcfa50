import * as pulumi from "@pulumi/pulumi";
import { ClusterAccess } from "../components/access/ClusterAccess.ts";
import type { Settings } from "../settings/schema.ts";

/** The object ID of the Entra group whose members administer the cluster: an existing one, or one that the stack creates. */
export function accessGroup({
  access: { adminGroupId, administrators },
}: Settings): pulumi.Input<string> {
  if (adminGroupId !== undefined) return adminGroupId;
  const groupName = `${pulumi.getProject()}-${pulumi.getStack()}-administrators`;
  return new ClusterAccess("access", { groupName, administrators }).adminGroupObjectId;
}
