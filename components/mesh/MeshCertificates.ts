import * as authorization from "@pulumi/azure-native/authorization";
import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { grantSecretsReader } from "../cluster/clusterIdentities.ts";
import type { NodeOrigin } from "../cluster/clusterNetwork.ts";

/** One value for each of the four parts of a CA, as `openssl` writes them. */
export interface CertificateParts<Value> {
  /** The root certificate, by which workloads know each other. */
  readonly rootCert: Value;
  /** The intermediate certificate, with which the mesh signs. */
  readonly caCert: Value;
  /** The private key of the intermediate certificate. */
  readonly caKey: Value;
  /** The intermediate certificate with all up to the root. */
  readonly certChain: Value;
}

/** Who reaches the vault over public networks, provided that a role lets them read. */
export interface VaultNetwork {
  readonly defaultAction: "Deny" | "Allow";
  /** Whether services of Azure that it trusts are let in; the nodes of a cluster are none of these. */
  readonly bypass: "AzureServices" | "None";
  /** Public IPv4 ranges: of whoever puts the certificates there, and of nodes in a network that is not the cluster's. */
  readonly allowedIPRanges: readonly string[];
  /** Resource IDs of subnets with the service endpoint `Microsoft.KeyVault`, such as that of such nodes. */
  readonly subnetIds: readonly pulumi.Input<string>[];
}

export interface MeshCertificatesArgs {
  /** Azure region of the vault, such as `westeurope`. */
  readonly location: string;
  /** What the secrets in the vault are called. */
  readonly objectNames: CertificateParts<string>;
  /**
   * The PEM of each; all become secrets if they are none.
   *
   * @default - Whoever runs the CA puts them into the vault, so that its key passes through no program. The vault has
   * to be deployed first, without a cluster that reads from it.
   */
  readonly contents?: CertificateParts<pulumi.Input<string>> | undefined;
  readonly network: VaultNetwork;
  /** Where the nodes of the cluster come from, which the firewall admits as well. */
  readonly nodes?: NodeOrigin | undefined;
}

/**
 * A Key Vault with a CA of your own for the mesh, in the place of the one that Istio makes for itself.
 *
 * AKS takes it only when the mesh is created. A mesh that began with its own CA would have to be disabled first, which
 * deletes the control plane, the gateways and every resource of Istio. No program can see in its settings what a mesh
 * began with, so that three things stand in the way: the settings want to be told that the CA has been there since
 * creation; to Pulumi, which knows the state, a change of the CA is a replacement of the cluster, which shows in the
 * preview and which a protected cluster refuses; and what gets past both is refused by AKS.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-plugin-ca
 */
export class MeshCertificates extends pulumi.ComponentResource {
  readonly vault: { readonly id: pulumi.Output<string>; readonly name: pulumi.Output<string> };
  /** What the cluster has to come after. */
  readonly contents: readonly pulumi.Resource[];
  /**
   * `serviceMeshProfile.istio.certificateAuthority` of the cluster. It does not depend on `contents`: a value that
   * waits for new secrets is unknown in a preview, which would show a replacement of the cluster.
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
   * Lets the mesh of a cluster read its CA. Only now, because the identity that reads comes with the cluster: until it
   * may, the new control plane waits, so that whatever needs the mesh should wait for what this returns.
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
