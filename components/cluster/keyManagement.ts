import type * as authorization from "@pulumi/azure-native/authorization";
import type * as inputs from "@pulumi/azure-native/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";

/**
 * The key that secrets in the cluster are encrypted with, beside the encryption of Azure's disks. Without the key, and
 * without each version of it that was ever in use, they can never be read again.
 *
 * @see https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
 */
export interface KeyManagementArgs {
  /** The key with its version: `https://<vault>.vault.azure.net/keys/<name>/<version>`. */
  readonly keyId: string;
  /** Resource ID of its vault, which decides by Azure RBAC who may do what. */
  readonly keyVaultId: string;
  /**
   * `Private`: the vault has no public access, and the API server is in the virtual network. `Public`: the vault lets
   * all networks.
   */
  readonly keyVaultNetworkAccess: "Private" | "Public";
}

/** What the cluster is told of its key. */
export function azureKeyVaultKms(
  args: KeyManagementArgs | undefined,
): inputs.containerservice.AzureKeyVaultKmsArgs {
  if (args === undefined) return { enabled: false };
  const { keyId, keyVaultId, keyVaultNetworkAccess } = args;
  return {
    enabled: true,
    keyId,
    keyVaultNetworkAccess,
    // ARM wants none for a public vault.
    ...(keyVaultNetworkAccess === "Private" && { keyVaultResourceId: keyVaultId }),
  };
}

/** Lets the control plane use the key, and link itself with a vault that is private. */
export function keyRoles(
  name: string,
  args: KeyManagementArgs | undefined,
  principalId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): readonly authorization.RoleAssignment[] {
  if (args === undefined) return [];
  const common = {
    scope: args.keyVaultId,
    principalId,
    principalType: "ServicePrincipal",
  } as const;
  const user = assignBuiltInRole(`${name}-key`, { role: "Key Vault Crypto User", ...common }, opts);
  if (args.keyVaultNetworkAccess === "Public") return [user];
  return [
    user,
    assignBuiltInRole(`${name}-key-link`, { role: "Key Vault Contributor", ...common }, opts),
  ];
}
