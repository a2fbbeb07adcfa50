import * as pulumi from "@pulumi/pulumi";
import type * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

/** A branch, a tag, the newest tag in a range of versions, or a commit by its full SHA. */
export type GitReference =
  | { readonly branch: string }
  | { readonly tag: string }
  | { readonly semver: string }
  | { readonly commit: string };

/** A Git repository. */
export interface GitSource {
  /** The `https://` or `ssh://` URL of the repository. */
  readonly url: string;
  /** The Git reference to follow. */
  readonly reference: GitReference;
  /** User name for a private `https://` repository. */
  readonly httpsUser?: string | undefined;
  /** Password or token of that user; marked as secret if it is not already. */
  readonly httpsKey?: pulumi.Input<string> | undefined;
  /** Certificate, in PEM format, of a CA that is not public. */
  readonly httpsCACertificate?: string | undefined;
  /** Private key for an `ssh://` repository, in PEM format; marked as secret if it is not already. */
  readonly sshPrivateKey?: pulumi.Input<string> | undefined;
  /** The `known_hosts` lines of the host. */
  readonly sshKnownHosts?: string | undefined;
  readonly bucket?: undefined;
  readonly azureBlob?: undefined;
}

/** A bucket in storage that speaks the S3 protocol. */
export interface BucketSource {
  readonly bucket: {
    /** The `https://` URL of the server. */
    readonly url: string;
    readonly name: string;
    /** ID of an access key; marked as secret if it is not already. @default - the bucket is public */
    readonly accessKey?: pulumi.Input<string> | undefined;
    /** Secret of the access key; marked as secret if it is not already. */
    readonly secretKey?: pulumi.Input<string> | undefined;
  };
  readonly url?: undefined;
  readonly azureBlob?: undefined;
}

/** The identity of the nodes, which gets a role on a storage account, or another identity that the nodes have. */
export type BlobIdentity =
  | { readonly storageAccountId: string; readonly clientId?: undefined }
  | { readonly clientId: string; readonly storageAccountId?: undefined };

/** A container of Azure Blob Storage, with exactly one kind of credentials. All secrets are marked as such. */
export interface AzureBlobSource {
  readonly azureBlob: {
    /** The `https://` URL of the blobs of a storage account. */
    readonly url: string;
    readonly container: string;
    readonly managedIdentity?: BlobIdentity | undefined;
    readonly accountKey?: pulumi.Input<string> | undefined;
    readonly sasToken?: pulumi.Input<string> | undefined;
    readonly servicePrincipal?:
      | {
          readonly tenantId: string;
          readonly clientId: string;
          readonly clientSecret?: pulumi.Input<string> | undefined;
          /** With its private key, in PKCS#12 or PEM format, in base64. */
          readonly clientCertificate?: pulumi.Input<string> | undefined;
          readonly clientCertificatePassword?: pulumi.Input<string> | undefined;
        }
      | undefined;
  };
  readonly url?: undefined;
  readonly bucket?: undefined;
}

export type Source = GitSource | BucketSource | AzureBlobSource;

type SourceInputs = Pick<
  kubernetesconfiguration.FluxConfigurationArgs,
  "sourceKind" | "gitRepository" | "bucket" | "azureBlob" | "configurationProtectedSettings"
>;

interface Timing {
  readonly syncIntervalInSeconds: number;
  readonly timeoutInSeconds: number;
}

/**
 * The inputs of a source. ARM does not return protected settings; it has none for the credentials of Azure Blob Storage.
 *
 * @see https://learn.microsoft.com/azure/templates/microsoft.kubernetesconfiguration/fluxconfigurations
 */
export function sourceInputs(
  source: Source,
  timing: Timing,
  kubelet: MeshCluster["kubeletIdentity"],
): SourceInputs {
  if (source.bucket !== undefined) return bucketInputs(source.bucket, timing);
  if (source.azureBlob !== undefined) return blobInputs(source.azureBlob, timing, kubelet);
  return repositoryInputs(source, timing);
}

function repositoryInputs(source: GitSource, timing: Timing): SourceInputs {
  const { url, reference, httpsUser, httpsCACertificate, sshKnownHosts } = source;
  return {
    sourceKind: "GitRepository",
    gitRepository: {
      url,
      repositoryRef: reference,
      ...timing,
      ...given({
        httpsUser,
        httpsCACert: httpsCACertificate === undefined ? undefined : base64(httpsCACertificate),
        sshKnownHosts: sshKnownHosts === undefined ? undefined : base64(sshKnownHosts),
      }),
    },
    ...protectedSettings({ httpsKey: source.httpsKey, sshPrivateKey: source.sshPrivateKey }),
  };
}

function bucketInputs(
  { url, name, accessKey, secretKey }: BucketSource["bucket"],
  timing: Timing,
): SourceInputs {
  return {
    sourceKind: "Bucket",
    bucket: {
      url,
      bucketName: name,
      // By default, Azure lets Flux read a bucket without TLS.
      insecure: false,
      ...timing,
      ...given({ accessKey: secret(accessKey) }),
    },
    ...protectedSettings({ bucketSecretKey: secretKey }),
  };
}

function blobInputs(
  source: AzureBlobSource["azureBlob"],
  timing: Timing,
  kubelet: MeshCluster["kubeletIdentity"],
): SourceInputs {
  const { url, container, managedIdentity, accountKey, sasToken, servicePrincipal } = source;
  return {
    sourceKind: "AzureBlob",
    azureBlob: {
      url,
      containerName: container,
      ...timing,
      ...given({
        managedIdentity:
          managedIdentity === undefined
            ? undefined
            : { clientId: managedIdentity.clientId ?? kubelet.clientId },
        accountKey: secret(accountKey),
        sasToken: secret(sasToken),
        servicePrincipal:
          servicePrincipal === undefined
            ? undefined
            : {
                tenantId: servicePrincipal.tenantId,
                clientId: servicePrincipal.clientId,
                ...given({
                  clientSecret: secret(servicePrincipal.clientSecret),
                  clientCertificate: secret(servicePrincipal.clientCertificate),
                  clientCertificatePassword: secret(servicePrincipal.clientCertificatePassword),
                }),
              },
      }),
    },
  };
}

/** Secrets in base64, as ARM requires in this property. */
function protectedSettings(
  settings: Readonly<Record<string, pulumi.Input<string> | undefined>>,
): Pick<SourceInputs, "configurationProtectedSettings"> {
  const encoded = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, pulumi.secret(value).apply(base64)] as const],
  );
  return encoded.length === 0
    ? {}
    : { configurationProtectedSettings: Object.fromEntries(encoded) };
}

function secret(value: pulumi.Input<string> | undefined): pulumi.Output<string> | undefined {
  return value === undefined ? undefined : pulumi.secret(value);
}

/** The fields that have a value. */
function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
