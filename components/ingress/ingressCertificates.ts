import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CertificateVault } from "./certificateVault.ts";
import { keyVaultSecrets } from "../azure/keyVaultSecrets.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

/** What a gateway proves a host with. */
export type IngressCertificate =
  /** The name of a certificate in Key Vault, or of a secret there with the PEM of the private key and of the chain. */
  | { readonly keyVaultObject: string }
  /** The PEM of the chain and of the private key; both become secrets if they are none. */
  | { readonly certificate: pulumi.Input<string>; readonly key: pulumi.Input<string> };

export interface IngressCertificatesArgs {
  readonly cluster: MeshCluster;
  /** Where the gateway looks for secrets. */
  readonly namespace: pulumi.Input<string>;
  /** Where the certificates from Key Vault are. */
  readonly vault: CertificateVault | undefined;
  /** The certificates by host. */
  readonly certificates: Readonly<Record<string, IngressCertificate>>;
}

/** The secrets with the certificates. */
export interface IngressSecrets {
  /** The name of the secret of each host; hosts that prove themselves by the same certificate share it. */
  readonly names: ReadonlyMap<string, string>;
  /** What the secrets come from. */
  readonly sources: readonly pulumi.Resource[];
}

/** Secrets of type `kubernetes.io/tls` with the certificates of the hosts. */
export function ingressCertificates(
  name: string,
  { cluster, namespace, vault, certificates }: IngressCertificatesArgs,
  opts: pulumi.CustomResourceOptions,
): IngressSecrets {
  const names = new Map<string, string>();
  const objects = new Set<string>();
  const sources: pulumi.Resource[] = [];
  for (const [host, given] of Object.entries(certificates)) {
    // Names in Key Vault know no case, and names in Kubernetes no upper one. No object is called like a host.
    const object = "keyVaultObject" in given ? given.keyVaultObject.toLowerCase() : undefined;
    const secretName = `${name}-${object ?? host}`;
    names.set(host, secretName);
    if (object !== undefined) objects.add(object);
    if ("key" in given) {
      // The SDK makes secrets of both.
      const stringData = { "tls.crt": given.certificate, "tls.key": given.key };
      const metadata = { name: secretName, namespace };
      const type = "kubernetes.io/tls";
      sources.push(new k8s.core.v1.Secret(secretName, { metadata, type, stringData }, opts));
    }
  }
  if (objects.size === 0) return { names, sources };
  const sorted = [...objects].sort();
  if (vault === undefined) {
    throw new Error(`${name} takes ${sorted.join(", ")} from Key Vault, and was given no vault.`);
  }
  const args = { cluster, namespace, vault, objects: sorted };
  return { names, sources: [...sources, keyVaultSecrets(name, args, opts)] };
}
