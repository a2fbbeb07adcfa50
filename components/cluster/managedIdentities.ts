import type * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";

/** The identities of a cluster. They exist before the cluster, so their roles can be assigned first. */
export interface ManagedIdentities {
  /** The identity with which the control plane manages load balancers, disks and nodes. */
  readonly controlPlane: managedidentity.UserAssignedIdentity;
  /** The identity with which nodes pull images. */
  readonly kubelet: managedidentity.UserAssignedIdentity;
  /** Allows the control plane to assign the kubelet identity to the nodes; AKS requires it to create a cluster. */
  readonly operator: authorization.RoleAssignment;
}

/**
 * User-assigned identities for the control plane and the kubelets. They survive a replacement of the cluster, with the
 * roles that others granted them.
 *
 * @see https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity
 */
export function createManagedIdentities(
  name: string,
  place: { readonly location: string; readonly resourceGroupName: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): ManagedIdentities {
  const controlPlane = new managedidentity.UserAssignedIdentity(
    `${name}-control-plane`,
    place,
    opts,
  );
  const kubelet = new managedidentity.UserAssignedIdentity(`${name}-kubelet`, place, opts);
  const operator = assignBuiltInRole(
    `${name}-kubelet-operator`,
    {
      role: "Managed Identity Operator",
      scope: kubelet.id,
      principalId: controlPlane.principalId,
      principalType: "ServicePrincipal",
    },
    opts,
  );
  return { controlPlane, kubelet, operator };
}
