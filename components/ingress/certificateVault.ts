import * as authorization from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { grantSecretsReader } from "../cluster/clusterIdentities.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

/** A Key Vault with certificates for gateways, readable by the cluster. */
export interface CertificateVault {
  readonly name: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;
  /** The role assignment that allows the cluster to read it. */
  readonly access: pulumi.Resource;
}

/**
 * Grants a cluster read access to the certificates in an existing Key Vault, which must use Azure RBAC. Call it once
 * per vault, even if several gateways use it: Azure rejects duplicate role assignments.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-secure-gateway#set-up-azure-key-vault-and-sync-secrets-to-the-cluster
 */
export function grantVaultReader(
  name: string,
  { cluster }: MeshCluster,
  vaultId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions = {},
): CertificateVault {
  return {
    // The add-on's identity can only read in its own tenant, which is the one that the program
    // deploys to.
    tenantId: authorization.getClientConfigOutput().tenantId,
    name: pulumi.output(vaultId).apply((id) => id.split("/").at(-1) ?? ""),
    access: grantSecretsReader(name, cluster, vaultId, opts),
  };
}
