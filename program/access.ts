import * as pulumi from "@pulumi/pulumi";
import { ClusterAccess } from "../components/access/ClusterAccess.ts";
import type { Settings } from "../settings/schema.ts";

/** The object ID of the Entra group whose members administer the cluster: a given one, or one of the stack's own. */
export function accessGroup({ access }: Settings): pulumi.Input<string> {
  return (
    access.adminGroupId ??
    new ClusterAccess("access", {
      groupName: `${pulumi.getProject()}-${pulumi.getStack()}-administrators`,
      administrators: access.administrators,
    }).adminGroupObjectId
  );
}
