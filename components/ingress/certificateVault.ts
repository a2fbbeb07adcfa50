import * as authorization from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { grantSecretsReader } from "../cluster/clusterIdentities.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

/** A Key Vault with certificates for gateways, which the cluster can read. */
export interface CertificateVault {
  readonly name: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;
  /** What lets the cluster read it. */
  readonly access: pulumi.Resource;
}

/**
 * Lets a cluster read the certificates in a Key Vault that is there already and decides by Azure RBAC who may do what.
 * Once for a vault, whichever gateways use it: Azure takes no role twice.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-secure-gateway#set-up-azure-key-vault-and-sync-secrets-to-the-cluster
 */
export function certificateVault(
  name: string,
  { cluster }: MeshCluster,
  vaultId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions = {},
): CertificateVault {
  return {
    // The add-on's identity reads in no other tenant than its own, which is the one that the program deploys to.
    tenantId: authorization.getClientConfigOutput().tenantId,
    name: pulumi.output(vaultId).apply((id) => id.split("/").at(-1) ?? ""),
    access: grantSecretsReader(name, cluster, vaultId, opts),
  };
}
