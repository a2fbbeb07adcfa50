import { describe, expect, test } from "vitest";
import { CERTIFICATE } from "../../support/pem.ts";
import { APPS, accepted, problemsOf, withKey } from "../../support/settings.ts";

const SECRET = ["aks-istio:gitops"];
const GUID = "9b8f1a52-3f3c-4a0e-8f0e-2d5f6a7b8c9d";
const ACCOUNT =
  "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/shared/providers/Microsoft.Storage/storageAccounts/fleet";
const GIT = { url: "https://git.example.com/a/b", reference: { branch: "main" } };
const BUCKET = { url: "https://s3.example.com", name: "fleet" };
const BLOB = { url: "https://fleet.blob.core.windows.net", container: "manifests" };
const IDENTITY = { managedIdentity: { clientId: GUID } };
const AT = "aks-istio:gitops";

const problems = (source: object, secrets: readonly string[] = []) =>
  problemsOf(withKey("gitops", { ...source, kustomizations: APPS }), secrets);

describe("the source", () => {
  test.each([
    ["a repository", GIT],
    ["a bucket", { bucket: BUCKET }],
    ["a container of blobs", { azureBlob: { ...BLOB, ...IDENTITY } }],
  ])("may be %s", (_, source) => {
    expect(problems(source)).toEqual([]);
    expect(accepted(withKey("gitops", { ...source, kustomizations: APPS })).gitops).toMatchObject(
      source,
    );
  });

  const rule = "must have exactly one source: url with reference, bucket or azureBlob; it has";

  test.each([
    [{}, [`${AT}: ${rule} none`]],
    [{ ...GIT, bucket: BUCKET }, [`${AT}: ${rule} url and reference and bucket`]],
    [
      { bucket: BUCKET, azureBlob: { ...BLOB, ...IDENTITY } },
      [`${AT}: ${rule} bucket and azureBlob`],
    ],
  ])("must be exactly one: %j", (source, lines) => {
    expect(problems(source)).toEqual(lines);
  });

  test("has no credentials of a repository if it is none", () => {
    const keys = { httpsUser: "flux", httpsCACertificate: CERTIFICATE };
    const knownHosts = { sshKnownHosts: "git.example.com ssh-ed25519 AAAA" };
    expect(problems({ bucket: BUCKET, ...keys, ...knownHosts })).toEqual([
      `${AT}.httpsCACertificate: does not apply with bucket; remove it`,
      `${AT}.httpsUser: does not apply with bucket; remove it`,
      `${AT}.sshKnownHosts: does not apply with bucket; remove it`,
    ]);
  });

  test("may be a repository with a private CA, only over https", () => {
    const httpsCACertificate = CERTIFICATE;
    expect(problems({ ...GIT, httpsCACertificate })).toEqual([]);
    const ssh = { ...GIT, url: "ssh://git@git.example.com/a/b", httpsCACertificate };
    expect(problems(ssh)).toContain(
      `${AT}.httpsCACertificate: does not apply with an ssh URL; remove it`,
    );
  });
});

describe("a bucket", () => {
  const bucket = (fields: object, secrets?: readonly string[]) =>
    problems({ bucket: { ...BUCKET, ...fields } }, secrets);

  test.each(["https://s3.example.com", "https://s3.example.com/", "https://10.0.0.4:9000"])(
    "may be at %s",
    (url) => {
      expect(bucket({ url })).toEqual([]);
    },
  );

  test.each(["http://s3.example.com", "s3.example.com", "https://s3.example.com/fleet"])(
    "must not be at %s",
    (url) => {
      expect(bucket({ url })).toEqual([
        `${AT}.bucket.url: found ${JSON.stringify(url)}; must be the https:// URL of a server that speaks the S3 protocol, without a path or credentials, such as https://s3.example.com`,
      ]);
    },
  );

  test("must not be at a URL with credentials, which are not shown", () => {
    expect(bucket({ url: "https://s3.example.com/?X-Amz-Signature=planted" })).toEqual([
      `${AT}.bucket.url: found (secret); must be the https:// URL of a server that speaks the S3 protocol, without a path or credentials, such as https://s3.example.com`,
    ]);
  });

  test.each(["abc", "a".repeat(63), "fleet.example-1"])("may be named %s", (name) => {
    expect(bucket({ name })).toEqual([]);
  });

  test.each(["ab", "a".repeat(64), "Fleet", "-fleet", "fleet-", "a_b"])(
    "must not be named %s",
    (name) => {
      expect(bucket({ name })).toEqual([
        `${AT}.bucket.name: found ${JSON.stringify(name)}; must be the name of a bucket: 3 to 63 lowercase letters, digits, hyphens and periods`,
      ]);
    },
  );

  test("has both parts of an access key or none, as secrets", () => {
    const both = { accessKey: "planted", secretKey: "planted" };
    expect(bucket(both, SECRET)).toEqual([]);
    expect(bucket({ accessKey: "planted" }, SECRET)).toEqual([
      `${AT}.bucket.secretKey: missing; is required with accessKey`,
    ]);
    expect(bucket({ secretKey: "planted" }, SECRET)).toEqual([
      `${AT}.bucket.accessKey: missing; is required with secretKey`,
    ]);
    expect(bucket(both)).toEqual(
      ["accessKey", "secretKey"].map(
        (key) =>
          `${AT}.bucket.${key}: found (secret); must not be in the stack file in plain text; set it with pulumi config set --secret --path 'gitops.bucket.${key}'`,
      ),
    );
  });
});

describe("a container of blobs", () => {
  const blob = (fields: object, secrets: readonly string[] = SECRET) =>
    problems({ azureBlob: { ...BLOB, ...fields } }, secrets);
  const principal = { tenantId: GUID, clientId: GUID };

  test.each([
    IDENTITY,
    { managedIdentity: { storageAccountId: ACCOUNT } },
    { accountKey: "planted" },
    { sasToken: "sv=2024-11-04&sp=rl&sig=planted%3D" },
    { servicePrincipal: { ...principal, clientSecret: "planted" } },
    { servicePrincipal: { ...principal, clientCertificate: "planted" } },
    {
      servicePrincipal: {
        ...principal,
        clientCertificate: "planted",
        clientCertificatePassword: "planted",
      },
    },
  ])("is read with %j", (credentials) => {
    expect(blob(credentials)).toEqual([]);
  });

  test.each([
    [{}, "none"],
    [{ ...IDENTITY, accountKey: "planted" }, "managedIdentity and accountKey"],
  ])("is read with exactly one of them: %j", (credentials, has) => {
    expect(blob(credentials)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${AT}\\.azureBlob: .*must have exactly one of managedIdentity, accountKey, sasToken and servicePrincipal, but has ${has}$`,
        ),
      ),
    ]);
  });

  test("with an identity that the program grants a role, or that has one", () => {
    expect(blob({ managedIdentity: { clientId: GUID, storageAccountId: ACCOUNT } }, [])).toEqual([
      `${AT}.azureBlob.managedIdentity: must have exactly one of storageAccountId and clientId, but has storageAccountId and clientId`,
    ]);
    expect(blob({ managedIdentity: { clientId: "flux" } }, [])).toEqual([
      `${AT}.azureBlob.managedIdentity.clientId: found "flux"; must be the client ID of a managed identity, a GUID`,
    ]);
    const storageAccountId = ACCOUNT.replace("fleet", "my-fleet");
    const other = ACCOUNT.replace(/fleet$/, "other");
    expect(blob({ managedIdentity: { storageAccountId: other } }, [])).toEqual([
      `${AT}.azureBlob.managedIdentity.storageAccountId: is the account other, but azureBlob.url is of the account fleet; name the same account`,
    ]);
    expect(
      blob({ managedIdentity: { storageAccountId: ACCOUNT.replace(/fleet$/, "Fleet") } }, []),
    ).toEqual([]);
    expect(blob({ managedIdentity: { storageAccountId } }, [])).toEqual([
      expect.stringMatching(
        /^aks-istio:gitops\.azureBlob\.managedIdentity\.storageAccountId: found ".*\/my-fleet"; must be the resource ID of a storage account, /,
      ),
    ]);
  });

  test("with a password only of a certificate", () => {
    expect(
      blob({
        servicePrincipal: {
          ...principal,
          clientSecret: "planted",
          clientCertificatePassword: "planted",
        },
      }),
    ).toEqual([
      `${AT}.azureBlob.servicePrincipal.clientCertificatePassword: applies only with clientCertificate; remove it`,
    ]);
  });

  test.each(["?sv=1&sig=planted", "https://fleet.blob.core.windows.net/?sv=1&si", "sv=1"])(
    "not with the SAS token %s",
    (sasToken) => {
      expect(blob({ sasToken })).toEqual([
        `${AT}.azureBlob.sasToken: must be a SAS token, which is what follows the ? in a SAS URL, such as sv=2024-11-04&sp=rl&sig=…`,
      ]);
    },
  );

  test.each([
    "http://fleet.blob.core.windows.net",
    "https://fleet.blob.core.windows.net/manifests",
    "https://fleet.file.core.windows.net",
    "https://my-fleet.blob.core.windows.net",
  ])("not at %s", (url) => {
    expect(blob({ ...IDENTITY, url }, [])).toEqual([
      `${AT}.azureBlob.url: found ${JSON.stringify(url)}; must be the https:// URL of the blobs of a storage account, without a container or a SAS token, such as https://fleet.blob.core.windows.net`,
    ]);
  });

  test.each(["ab", "a".repeat(64), "a--b", "-ab", "aB"])("not with the name %s", (container) => {
    expect(blob({ ...IDENTITY, container }, [])).toEqual([
      `${AT}.azureBlob.container: found ${JSON.stringify(container)}; must be the name of a container: 3 to 63 lowercase letters, digits and single hyphens`,
    ]);
  });

  test("never shows a credential", () => {
    const all = {
      accountKey: "planted",
      sasToken: "planted",
      servicePrincipal: {
        ...principal,
        clientSecret: "planted",
        clientCertificate: "planted",
        clientCertificatePassword: "planted",
      },
    };
    for (const secrets of [SECRET, []]) {
      const report = blob(all, secrets).join("\n");
      expect(report).toContain("azureBlob");
      expect(report).not.toContain("planted");
    }
  });
});
