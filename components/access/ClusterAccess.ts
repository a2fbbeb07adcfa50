import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

export interface ClusterAccessArgs {
  /** Name of the group in Entra ID; must be unique in the tenant. */
  readonly groupName: string;
  /**
   * Object IDs of the users, groups and service principals that administer the cluster. Because local accounts are
   * disabled, they must include the identity that runs `pulumi up`.
   */
  readonly administrators: readonly string[];
}

/**
 * The administrators of the cluster, as a security group in Entra ID, so membership changes need no change to the
 * cluster.
 *
 * @see https://learn.microsoft.com/azure/aks/enable-authentication-microsoft-entra-id
 */
export class ClusterAccess extends pulumi.ComponentResource {
  /** Object ID of the group, for the cluster's `adminGroupObjectIds`. */
  readonly adminGroupObjectId: pulumi.Output<string>;

  constructor(name: string, args: ClusterAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    const { groupName, administrators } = args;
    super("aks-istio:index:ClusterAccess", name, { groupName, administrators }, opts);

    const group = new azuread.Group(
      name,
      {
        displayName: groupName,
        description: "Administrators of an AKS cluster; members are managed by Pulumi",
        securityEnabled: true,
        preventDuplicateNames: true,
        members: [...administrators],
      },
      { parent: this },
    );
    this.adminGroupObjectId = group.objectId;
    this.registerOutputs({ adminGroupObjectId: this.adminGroupObjectId });
  }
}
