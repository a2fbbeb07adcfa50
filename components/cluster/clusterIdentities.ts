import type * as authorization from "@pulumi/azure-native/authorization";
import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";

/** The identity with which a cluster's Key Vault provider reads secrets. AKS creates it with the cluster. */
export interface KeyVaultIdentity {
  readonly clientId: string;
  readonly objectId: string;
}

/**
 * Unknown until the cluster exists, regardless of assumed outputs; `cluster.id` ensures that.
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
        "The cluster does not have the Key Vault provider. Enable azureKeyvaultSecretsProvider.",
      );
    }
    return { clientId, objectId };
  });
}

/** Grants a cluster's Key Vault provider read access to the secrets in a vault. */
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
 * Grants a cluster's control plane network access to a resource group, so its load balancer can use addresses there.
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

/** Object ID of the control plane's identity, system-assigned or user-assigned. */
function controlPlanePrincipal(cluster: containerservice.ManagedCluster): pulumi.Output<string> {
  return pulumi.all([cluster.identity, cluster.id]).apply(([identity]) => {
    const [given] = Object.values(identity?.userAssignedIdentities ?? {});
    const principalId = given?.principalId ?? identity?.principalId;
    if (principalId === undefined) throw new Error("The cluster has no managed identity.");
    return principalId;
  });
}
