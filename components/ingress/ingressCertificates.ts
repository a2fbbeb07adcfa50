import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CertificateVault } from "./certificateVault.ts";
import { syncKeyVaultSecrets } from "../azure/keyVaultSecrets.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

/** The certificate of a host. */
export type IngressCertificate =
  /** Name of a certificate in Key Vault, or of a secret with the private key and the chain in PEM format. */
  | { readonly keyVaultObject: string }
  /** The chain and the private key in PEM format; marked as secret if they are not already. */
  | { readonly certificate: pulumi.Input<string>; readonly key: pulumi.Input<string> };

export interface IngressCertificatesArgs {
  readonly cluster: MeshCluster;
  /** The namespace in which the gateway looks up secrets. */
  readonly namespace: pulumi.Input<string>;
  /** The vault of certificates that come from Key Vault. */
  readonly vault: CertificateVault | undefined;
  /** The certificates, by host. */
  readonly certificates: Readonly<Record<string, IngressCertificate>>;
}

/** The certificate secrets. */
export interface IngressSecrets {
  /** The secret name of each host; hosts with the same certificate share it. */
  readonly names: ReadonlyMap<string, string>;
  /** The resources that create the secrets. */
  readonly sources: readonly pulumi.Resource[];
}

/** Creates secrets of type `kubernetes.io/tls` with the certificates of the hosts. */
export function createIngressSecrets(
  name: string,
  { cluster, namespace, vault, certificates }: IngressCertificatesArgs,
  opts: pulumi.CustomResourceOptions,
): IngressSecrets {
  const names = new Map<string, string>();
  const objects = new Set<string>();
  const sources: pulumi.Resource[] = [];
  for (const [host, given] of Object.entries(certificates)) {
    // Key Vault names are case-insensitive, and Kubernetes names lowercase. They cannot contain
    // dots, so no object is named like a host.
    const object = "keyVaultObject" in given ? given.keyVaultObject.toLowerCase() : undefined;
    const secretName = `${name}-${object ?? host}`;
    names.set(host, secretName);
    if (object !== undefined) objects.add(object);
    if ("key" in given) {
      // The SDK marks both as secret.
      const stringData = { "tls.crt": given.certificate, "tls.key": given.key };
      const metadata = { name: secretName, namespace };
      const type = "kubernetes.io/tls";
      sources.push(new k8s.core.v1.Secret(secretName, { metadata, type, stringData }, opts));
    }
  }
  if (objects.size === 0) return { names, sources };
  const sorted = [...objects].sort();
  if (vault === undefined) {
    throw new Error(
      `${name} requires a vault for the Key Vault certificates ${sorted.join(", ")}. Set vault.`,
    );
  }
  const args = { cluster, namespace, vault, objects: sorted };
  return { names, sources: [...sources, syncKeyVaultSecrets(name, args, opts)] };
}
