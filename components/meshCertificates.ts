import * as authorization from "@pulumi/azure-native/authorization";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { letReadSecrets } from "./clusterIdentities.ts";
import type { MeshCluster } from "./meshCluster.ts";

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
  /** Public IPv4 ranges: of the cluster's outbound addresses, and of whoever puts the certificates there. */
  readonly allowedIPRanges: readonly string[];
  /** Resource IDs of subnets with the service endpoint `Microsoft.KeyVault`, such as the nodes'. */
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
   * to be there first and the cluster last: `pulumi up --target` the vault, put them there, `pulumi up`.
   */
  readonly contents?: CertificateParts<pulumi.Input<string>> | undefined;
  readonly network: VaultNetwork;
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
  readonly vaultId: pulumi.Output<string>;
  /** `serviceMeshProfile.istio.certificateAuthority` of the cluster, which waits for what is in the vault. */
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
    const { location, objectNames, contents, network } = args;
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
          networkAcls: networkAcls(network),
        },
      },
      children,
    );
    const secrets =
      contents === undefined
        ? []
        : PARTS.map(
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
    this.vaultId = vault.id;
    this.certificateAuthority = {
      plugin: {
        keyVaultId: pulumi.all([vault.id, secrets.map(({ id }) => id)]).apply(([id]) => id),
        rootCertObjectName: objectNames.rootCert,
        certObjectName: objectNames.caCert,
        keyObjectName: objectNames.caKey,
        certChainObjectName: objectNames.certChain,
      },
    };
    this.registerOutputs({ vaultId: this.vaultId });
  }

  /**
   * Lets the mesh of a cluster read its CA. Only now, because the identity that reads comes with the cluster: until it
   * may, the new control plane waits, so that whatever needs the mesh should wait for what this returns.
   *
   * @see https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/istio-add-on-plug-in-ca-certificate
   */
  letRead({ cluster }: MeshCluster): pulumi.Resource {
    return letReadSecrets(this.#name, cluster, this.vaultId, { parent: this });
  }
}

const PARTS = ["rootCert", "caCert", "caKey", "certChain"] as const;

function networkAcls({ defaultAction, bypass, allowedIPRanges, subnetIds }: VaultNetwork) {
  return {
    defaultAction,
    bypass,
    ipRules: allowedIPRanges.map((value) => ({ value })),
    virtualNetworkRules: subnetIds.map((id) => ({ id })),
  };
}
