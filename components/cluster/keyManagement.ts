import type * as authorization from "@pulumi/azure-native/authorization";
import type * as inputs from "@pulumi/azure-native/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";

/**
 * The key that encrypts Kubernetes secrets, in addition to Azure's disk encryption. If the key or any version of it
 * that was in use is lost, the secrets cannot be recovered.
 *
 * @see https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
 */
export interface KeyManagementArgs {
  /** Key identifier with version: `https://<vault>.vault.azure.net/keys/<name>/<version>`. */
  readonly keyId: string;
  /** Resource ID of its vault, which must use Azure RBAC. */
  readonly keyVaultId: string;
  /**
   * `Private`: public access to the vault is disabled, and the API server is in the virtual network. `Public`: the
   * vault allows all networks.
   */
  readonly keyVaultNetworkAccess: "Private" | "Public";
}

/** Key management settings of the cluster. */
export function azureKeyVaultKms(
  args: KeyManagementArgs | undefined,
): inputs.containerservice.AzureKeyVaultKmsArgs {
  if (args === undefined) return { enabled: false };
  const { keyId, keyVaultId, keyVaultNetworkAccess } = args;
  return {
    enabled: true,
    keyId,
    keyVaultNetworkAccess,
    // ARM rejects it for a public vault.
    ...(keyVaultNetworkAccess === "Private" && { keyVaultResourceId: keyVaultId }),
  };
}

/** Grants the control plane use of the key, and the right to link to a private vault. */
export function grantKeyRoles(
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
