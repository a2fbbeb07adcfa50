import type * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";

/** The identities of a cluster, which are there before it is, so that their roles are too. */
export interface ManagedIdentities {
  /** What the control plane makes load balancers, disks and nodes as. */
  readonly controlPlane: managedidentity.UserAssignedIdentity;
  /** What the nodes pull images as. */
  readonly kubelet: managedidentity.UserAssignedIdentity;
  /** What lets the control plane give the nodes theirs; AKS makes no cluster without it. */
  readonly operator: authorization.RoleAssignment;
}

/**
 * User-assigned identities for the control plane and the kubelets: they outlive a cluster that is replaced, with
 * whatever others granted them.
 *
 * @see https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity
 */
export function managedIdentities(
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
