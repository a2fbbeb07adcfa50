import type * as authorization from "@pulumi/azure-native/authorization";
import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";

/** What the Key Vault provider of a cluster fetches secrets as; AKS makes it together with the cluster. */
export interface KeyVaultIdentity {
  readonly clientId: string;
  readonly objectId: string;
}

/**
 * Not known before there is a cluster, whatever a preview takes for its outputs: hence the ID.
 *
 * @see https://learn.microsoft.com/azure/aks/csi-secrets-store-identity-access#access-with-managed-identity
 */
export function keyVaultIdentity(
  cluster: containerservice.ManagedCluster,
): pulumi.Output<KeyVaultIdentity> {
  return pulumi.all([cluster.addonProfiles, cluster.id]).apply(([profiles]) => {
    const { clientId, objectId } = profiles?.["azureKeyvaultSecretsProvider"]?.identity ?? {};
    if (clientId === undefined || objectId === undefined) {
      throw new Error(
        "The cluster has no Key Vault provider: switch azureKeyvaultSecretsProvider on.",
      );
    }
    return { clientId, objectId };
  });
}

/** Lets the Key Vault provider of a cluster read the secrets of a vault. */
export function grantSecretsReader(
  name: string,
  cluster: containerservice.ManagedCluster,
  vaultId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  return assignBuiltInRole(
    name,
    {
      role: "Key Vault Secrets User",
      scope: vaultId,
      principalId: keyVaultIdentity(cluster).objectId,
      principalType: "ServicePrincipal",
    },
    opts,
  );
}

/**
 * Lets the control plane of a cluster use what is in a resource group for its load balancer.
 *
 * @see https://learn.microsoft.com/azure/aks/static-ip#create-a-service-using-the-static-ip-address
 */
export function grantNetworkContributor(
  name: string,
  cluster: containerservice.ManagedCluster,
  resourceGroupId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  return assignBuiltInRole(
    name,
    {
      role: "Network Contributor",
      scope: resourceGroupId,
      principalId: controlPlanePrincipal(cluster),
      principalType: "ServicePrincipal",
    },
    opts,
  );
}

/** Object ID of the identity of the control plane, which is the cluster's own or one that it was given. */
function controlPlanePrincipal(cluster: containerservice.ManagedCluster): pulumi.Output<string> {
  return pulumi.all([cluster.identity, cluster.id]).apply(([identity]) => {
    const [given] = Object.values(identity?.userAssignedIdentities ?? {});
    const principalId = given?.principalId ?? identity?.principalId;
    if (principalId === undefined) throw new Error("The cluster has no managed identity.");
    return principalId;
  });
}
