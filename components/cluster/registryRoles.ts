import type * as authorization from "@pulumi/azure-native/authorization";
import type * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";

/**
 * Grants the nodes pull access to container registries. Each assignment is named after its registry, so the order of
 * the list does not matter.
 *
 * @see https://learn.microsoft.com/azure/aks/cluster-container-registry-integration
 */
export function grantRegistryPull(
  name: string,
  registryIds: readonly string[],
  kubelet: managedidentity.UserAssignedIdentity,
  opts: pulumi.CustomResourceOptions,
): readonly authorization.RoleAssignment[] {
  return registryIds.map((scope) =>
    assignBuiltInRole(
      `${name}-pull-${scope.split("/").at(-1)?.toLowerCase() ?? ""}`,
      {
        role: "AcrPull",
        scope,
        principalId: kubelet.principalId,
        principalType: "ServicePrincipal",
      },
      opts,
    ),
  );
}
