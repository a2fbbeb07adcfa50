import { unshown } from "../core/pem.ts";
import { StorageAccountId } from "../core/resourceIds.ts";
import { Guid, keys, text } from "../core/scalars.ts";
import { alternatives } from "../core/unions.ts";

const SERVER_RULE =
  "must be the https:// URL of a server that speaks the S3 protocol, without a path or credentials, such as https://s3.example.com";
const BUCKET_RULE =
  "must be the name of a bucket: 3 to 63 lowercase letters, digits, hyphens and periods";
const ACCOUNT_RULE =
  "must be the https:// URL of the blobs of a storage account, without a container or a SAS token, such as https://fleet.blob.core.windows.net";
const CONTAINER_RULE =
  "must be the name of a container: 3 to 63 lowercase letters, digits and single hyphens";
const SAS_RULE =
  "must be a SAS token, which is what follows the ? in a SAS URL, such as sv=2024-11-04&sp=rl&sig=…";

/** Whether a text is an `https://` URL of a host and nothing else. */
function isServer(text: string, hosts = /./): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname, pathname, search, hash } = new URL(text);
  const plain = [username, password, search, hash].every((part) => part === "");
  return protocol === "https:" && plain && pathname === "/" && hosts.test(hostname);
}

const server = (rule: string, example: string, hosts?: RegExp) =>
  text(rule)
    .refine((url) => isServer(url, hosts), { error: rule })
    .meta({ pattern: "^[hH][tT][tT][pP][sS]:", examples: [example] });

/**
 * A bucket in S3 or in storage that speaks its protocol.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#bucket-source-arguments
 */
export const Bucket = keys({
  url: server(SERVER_RULE, "https://s3.example.com").describe(
    "The https:// URL of the server, without the bucket.",
  ),
  name: text(BUCKET_RULE)
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: BUCKET_RULE })
    .meta({ examples: ["fleet"] })
    .describe("The bucket."),
  accessKey: text("must be the ID of an access key")
    .optional()
    .describe("The ID of the access key, as a secret, together with secretKey."),
  secretKey: text("must be the secret of an access key")
    .optional()
    .describe(
      "The secret of the access key, as a secret. Without both, the bucket must be public.",
    ),
});

const ONE_CREDENTIAL = "must have exactly one of clientSecret and clientCertificate, but has";

const ServicePrincipal = alternatives(
  keys({
    tenantId: Guid("the ID of a tenant").describe("The tenant of the service principal."),
    clientId: Guid("the client ID of an application").describe("The client ID of its application."),
    clientSecret: text("must be a client secret")
      .optional()
      .describe("The secret of the application, as a secret."),
    clientCertificate: text("must be a certificate with its private key, in base64")
      .optional()
      .describe(
        "A certificate with its private key in PKCS#12 or PEM form, in base64, as a secret.",
      ),
    clientCertificatePassword: text("must be the password of clientCertificate")
      .optional()
      .describe("The password of clientCertificate, as a secret, if it has one."),
  }),
  [["clientSecret"], ["clientCertificate"]],
  {
    none: `${ONE_CREDENTIAL} none`,
    several: (given) => `${ONE_CREDENTIAL} ${given.join(" and ")}`,
  },
);

const ONE_IDENTITY = "must have exactly one of storageAccountId and clientId, but has";

const ManagedIdentity = alternatives(
  keys({
    storageAccountId: StorageAccountId.optional().describe(
      "The resource ID of the storage account. Flux reads it with the identity of the nodes, to which the program grants Storage Blob Data Reader on it.",
    ),
    clientId: Guid("the client ID of a managed identity")
      .optional()
      .describe("The client ID of another identity that the nodes have, with that role already."),
  }),
  [["storageAccountId"], ["clientId"]],
  {
    none: `${ONE_IDENTITY} none`,
    several: (given) => `${ONE_IDENTITY} ${given.join(" and ")}`,
  },
);

const ONE_WAY =
  "must have exactly one of managedIdentity, accountKey, sasToken and servicePrincipal, but has";

/**
 * A container of Azure Blob Storage.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#azure-blob-storage-account-source-arguments
 */
export const AzureBlob = alternatives(
  keys({
    url: server(
      ACCOUNT_RULE,
      "https://fleet.blob.core.windows.net",
      /^[a-z0-9]{3,24}(\.z\d+)?\.blob\./,
    ).describe("The https:// URL of the blobs of the storage account."),
    container: text(CONTAINER_RULE)
      .regex(/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/, { error: CONTAINER_RULE })
      .meta({ examples: ["manifests"] })
      .describe("The container."),
    managedIdentity: ManagedIdentity.optional().describe(
      "Flux reads with a managed identity of the nodes, without a key: exactly one of the keys below.",
    ),
    accountKey: text("must be the key of a storage account")
      .optional()
      .describe(
        "The key of the storage account, as a secret. It allows everything on the account.",
      ),
    sasToken: unshown(SAS_RULE, String.raw`^(?!\?)\S*\bsig=[^\s&]+\S*$`)
      .optional()
      .describe("A SAS token that may read and list the container, as a secret."),
    servicePrincipal: ServicePrincipal.optional().describe(
      "Flux reads with a service principal: with exactly one of clientSecret and clientCertificate.",
    ),
  }),
  [["managedIdentity"], ["accountKey"], ["sasToken"], ["servicePrincipal"]],
  {
    none: `${ONE_WAY} none`,
    several: (given) => `${ONE_WAY} ${given.join(" and ")}`,
  },
);

/** The secrets of both. */
export const STORAGE_SECRETS = [
  ["bucket", "accessKey"],
  ["bucket", "secretKey"],
  ["azureBlob", "accountKey"],
  ["azureBlob", "sasToken"],
  ["azureBlob", "servicePrincipal", "clientSecret"],
  ["azureBlob", "servicePrincipal", "clientCertificate"],
  ["azureBlob", "servicePrincipal", "clientCertificatePassword"],
] as const;
