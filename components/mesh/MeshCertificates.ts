import * as authorization from "@pulumi/azure-native/authorization";
import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { grantSecretsReader } from "../cluster/clusterIdentities.ts";
import type { NodeOrigin } from "../cluster/clusterNetwork.ts";

/** A value for each of the four parts of a CA, in PEM format. */
export interface CertificateParts<Value> {
  /** The root certificate, which workloads trust. */
  readonly rootCert: Value;
  /** The intermediate certificate, which signs workload certificates. */
  readonly caCert: Value;
  /** The private key of the intermediate certificate. */
  readonly caKey: Value;
  /** The chain from the intermediate certificate to the root. */
  readonly certChain: Value;
}

/** Public network access to the vault; reading also requires a role. */
export interface VaultNetwork {
  readonly defaultAction: "Deny" | "Allow";
  /** Whether trusted Azure services bypass the firewall; this does not include the nodes of a cluster. */
  readonly bypass: "AzureServices" | "None";
  /** Public IPv4 ranges of clients that write the certificates, and of nodes in an existing network. */
  readonly allowedIPRanges: readonly string[];
  /** Resource IDs of subnets with the service endpoint `Microsoft.KeyVault`, such as the subnet of those nodes. */
  readonly subnetIds: readonly pulumi.Input<string>[];
}

export interface MeshCertificatesArgs {
  /** Azure region of the vault, such as `westeurope`. */
  readonly location: string;
  /** The names of the secrets in the vault. */
  readonly objectNames: CertificateParts<string>;
  /**
   * PEM contents; values are marked as secret if they are not already.
   *
   * @default - The operator of the CA writes them to the vault, so the private key passes through no program. The vault
   * must then be deployed first, without the cluster that reads from it.
   */
  readonly contents?: CertificateParts<pulumi.Input<string>> | undefined;
  readonly network: VaultNetwork;
  /** How to identify the cluster's nodes, which the firewall also allows. */
  readonly nodes?: NodeOrigin | undefined;
}

/**
 * A Key Vault with a plug-in CA for the mesh, instead of Istio's self-signed CA.
 *
 * AKS accepts it only when the mesh is created. A mesh with another CA would have to be disabled first, which deletes
 * the control plane, the gateways and all Istio resources. The settings alone do not show how a mesh was created, so
 * there are three safeguards: the settings must state that the mesh has had the CA since creation; Pulumi, which knows
 * the state, treats a change of the CA as a replacement of the cluster, which shows in the preview and is refused for a
 * protected cluster; and AKS rejects any other change.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-plugin-ca
 */
export class MeshCertificates extends pulumi.ComponentResource {
  readonly vault: { readonly id: pulumi.Output<string>; readonly name: pulumi.Output<string> };
  /** The resources that the cluster must depend on. */
  readonly contents: readonly pulumi.Resource[];
  /**
   * `serviceMeshProfile.istio.certificateAuthority` of the cluster. It does not depend on `contents`: with new secrets
   * it would be unknown in a preview, which would show a replacement of the cluster.
   */
  readonly certificateAuthority: {
    readonly plugin: {
      readonly keyVaultId: pulumi.Output<string>;
      readonly rootCertObjectName: string;
      readonly certObjectName: string;
      readonly keyObjectName: string;
      readonly certChainObjectName: string;
    };
  };

  readonly #name: string;

  constructor(name: string, args: MeshCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { location, objectNames, contents, network, nodes } = args;
    super("aks-istio:index:MeshCertificates", name, { location, objectNames }, opts);
    const children = { parent: this };

    const group = new resources.ResourceGroup(`${name}-group`, { location }, children);
    const vault = new keyvault.Vault(
      name,
      {
        location,
        resourceGroupName: group.name,
        properties: {
          tenantId: authorization.getClientConfigOutput(children).tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: 90,
          enablePurgeProtection: true,
          networkAcls: networkAcls(network, nodes),
        },
      },
      children,
    );
    this.contents =
      contents === undefined
        ? []
        : CERTIFICATE_PARTS.map(
            (part) =>
              new keyvault.Secret(
                `${name}-${objectNames[part]}`,
                {
                  resourceGroupName: group.name,
                  vaultName: vault.name,
                  secretName: objectNames[part],
                  properties: {
                    value: pulumi.secret(contents[part]),
                    contentType: "application/x-pem-file",
                  },
                },
                children,
              ),
          );
    this.#name = name;
    this.vault = { id: vault.id, name: vault.name };
    this.certificateAuthority = {
      plugin: {
        keyVaultId: vault.id,
        rootCertObjectName: objectNames.rootCert,
        certObjectName: objectNames.caCert,
        keyObjectName: objectNames.caKey,
        certChainObjectName: objectNames.certChain,
      },
    };
    this.registerOutputs({ vaultId: vault.id });
  }

  /**
   * Grants the mesh of a cluster read access to its CA. The reading identity is created with the cluster, and the
   * control plane waits for this role, so resources that need the mesh should depend on the result.
   *
   * @see https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/istio-add-on-plug-in-ca-certificate
   */
  grantReader(cluster: containerservice.ManagedCluster): pulumi.Resource {
    return grantSecretsReader(this.#name, cluster, this.vault.id, { parent: this });
  }
}

const CERTIFICATE_PARTS = ["rootCert", "caCert", "caKey", "certChain"] as const;

function networkAcls(
  { defaultAction, bypass, allowedIPRanges, subnetIds }: VaultNetwork,
  nodes: NodeOrigin | undefined,
) {
  const admitted = defaultAction === "Deny" ? nodes : undefined;
  const addresses = (admitted?.addresses ?? []).map((address) => pulumi.interpolate`${address}/32`);
  return {
    defaultAction,
    bypass,
    ipRules: [...allowedIPRanges, ...addresses].map((value) => ({ value })),
    virtualNetworkRules: [...subnetIds, ...(admitted?.subnetIds ?? [])].map((id) => ({ id })),
  };
}
