import { describe, expect, test } from "vitest";
import { fluxCanReconcile } from "../../../../policy/rules/flux/flux-can-reconcile.ts";
import { fluxSourcePinnedAndPrivate } from "../../../../policy/rules/flux/flux-source-pinned-and-private.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [fluxSourcePinnedAndPrivate, fluxCanReconcile];

const REPOSITORY = { url: "https://github.com/contoso/orders", repositoryRef: { branch: "main" } };

function flux(props: Props = {}): Fixture {
  return {
    type: "azure-native:kubernetesconfiguration:FluxConfiguration",
    name: "apps",
    props: { scope: "cluster", namespace: "flux-system", gitRepository: REPOSITORY, ...props },
  };
}

function classic(props: Props = {}): Fixture {
  const gitRepository = { url: REPOSITORY.url, referenceType: "branch", referenceValue: "main" };
  return {
    type: "azure:containerservice/fluxConfiguration:FluxConfiguration",
    name: "apps",
    props: { scope: "cluster", namespace: "flux-system", gitRepository, ...props },
  };
}

async function messages(fixture: Fixture, options?: Run) {
  return (await run(RULES, [fixture], options)).map(({ level, message }) => [
    level,
    message.replace('FluxConfiguration "apps": ', ""),
  ]);
}

const from = async (url: unknown, more: object = {}) =>
  (await messages(flux({ gitRepository: { ...REPOSITORY, url, ...more } }))).map(
    ([, message]) => message,
  );

/** The rule recognizes production by the name of the stack; the tests use dev. */
const IN_PRODUCTION: Run = {
  config: { "flux-source-pinned-and-private": { productionStacks: ["dev"] } },
};

describe("flux-source-pinned-and-private", () => {
  test.each([
    "azure-native:kubernetesconfiguration:FluxConfiguration",
    "azure-native:kubernetesconfiguration/v20230501:FluxConfiguration",
    "azure-native_kubernetesconfiguration_v20250401:kubernetesconfiguration:FluxConfiguration",
  ])("accepts a compliant one, and the token %s", async (type) => {
    expect(await messages(flux())).toEqual([]);
    expect(await messages({ ...flux({ scope: undefined }), type })).toHaveLength(1);
  });

  test.each([
    "azure:containerservice/fluxConfiguration:FluxConfiguration",
    "azure:arckubernetes/fluxConfiguration:FluxConfiguration",
  ])("accepts the classic token %s", async (type) => {
    expect(await messages({ ...classic(), type })).toEqual([]);
    expect(await messages({ ...classic({ namespace: "default" }), type })).toHaveLength(1);
  });

  describe("the URL", () => {
    test.each([
      ["http://git.contoso.com/orders", "begins with http://"],
      ["git://git.contoso.com/orders", "begins with git://"],
      ["git@github.com:contoso/orders", "has no scheme"],
      ["mirror/https://github.com/contoso/orders", "has no scheme"],
      ["", "has no scheme"],
    ])("must not be %s", async (url, begins) => {
      expect(await from(url)).toEqual([
        `gitRepository.url ${begins}, so neither HTTPS nor SSH protects the repository that Flux reads. Use https:// or ssh://.`,
      ]);
    });

    test.each([
      "https://user:hunter2@git.contoso.com/orders",
      "https://hunter2@git.contoso.com/orders",
      "ssh://git:hunter2@github.com/orders",
    ])("contains no password, which is not repeated: %s", async (url) => {
      const host = new URL(url).hostname;
      expect(await from(url)).toEqual([
        `gitRepository.url contains a user or a password for ${host}, which anyone who can read the configuration can see. Remove it, and set httpsUser, with httpsKey in configurationProtectedSettings.`,
      ]);
    });

    test("with HTTPS requires no host keys, because the host has a certificate", async () => {
      expect(await from("https://git.contoso.com/orders")).toEqual([]);
    });

    test("with SSH requires the host keys, unless Flux includes them", async () => {
      const own = "ssh://git@git.contoso.com:2222/orders";
      expect(await from(own)).toEqual([
        "gitRepository.sshKnownHosts is not set, so Flux cannot verify the identity of git.contoso.com. Set it to the host's lines of a known_hosts file, encoded in base64.",
      ]);
      for (const sshKnownHosts of ["Z2l0", UNKNOWN]) {
        expect(await from(own, { sshKnownHosts })).toEqual([]);
      }
      expect(await from(own, { localAuthRef: "git-ssh" })).toEqual([]);
      expect(await from("ssh://git@github.com/contoso/orders")).toEqual([]);
      expect(await from("ssh://git@github.com.contoso.com/orders")).toHaveLength(1);
      const gitRepository = { url: own, referenceType: "tag", referenceValue: "v1" };
      expect((await messages(classic({ gitRepository })))[0]?.[1]).toContain(
        "gitRepository.sshKnownHostsBase64 is not set",
      );
    });
  });

  test("of a bucket requires TLS", async () => {
    const bucket = (insecure: unknown) =>
      flux({ gitRepository: undefined, bucket: { url: "https://s3.contoso.com", insecure } });
    expect(await messages(bucket(true))).toEqual([
      [
        "violation",
        "bucket.insecure is true, so Flux reads the bucket without TLS. Set it to false.",
      ],
    ]);
    expect((await messages(bucket(undefined)))[0]?.[1]).toMatch(/^bucket\.insecure is not set, /);
    expect(await messages(bucket(false))).toEqual([]);
    const old = (tlsEnabled: unknown) =>
      classic({ gitRepository: undefined, bucket: { url: "https://s3.contoso.com", tlsEnabled } });
    expect((await messages(old(false)))[0]?.[1]).toMatch(
      /^bucket\.tlsEnabled is false, .* Set it to true\.$/,
    );
    expect(await messages(old(undefined))).toEqual([]);
    expect(await messages(old(true))).toEqual([]);
  });

  test.each<[string, Props, string]>([
    [
      "bucket",
      { bucket: { url: "http://s3.contoso.com", insecure: false } },
      "bucket.url begins with http://, so Flux reads the bucket without TLS. Use https://.",
    ],
    [
      "bucket",
      { bucket: { url: "https://user:hunter2@s3.contoso.com", insecure: false } },
      "bucket.url contains a user or a password, which anyone who can read the configuration can see. Remove them, and set the credentials of the source.",
    ],
    [
      "container",
      { azureBlob: { url: "contoso.blob.core.windows.net" } },
      "azureBlob.url has no scheme, so Flux reads the container without TLS. Use https://.",
    ],
    [
      "container",
      { azureBlob: { url: "https://contoso.blob.core.windows.net/?sig=hunter2" } },
      "azureBlob.url contains parameters, such as a SAS token, which anyone who can read the configuration can see. Remove them, and set the credentials of the source.",
    ],
  ])("the URL of a %s is checked: %j", async (_, props, message) => {
    expect(await messages(flux({ gitRepository: undefined, ...props }))).toEqual([
      ["violation", message],
    ]);
  });

  describe("the reference", () => {
    const following = (repositoryRef: unknown, options?: Run) =>
      messages(flux({ gitRepository: { ...REPOSITORY, repositoryRef } }), options);

    test("may be a branch, but not in production", async () => {
      expect(await following({ branch: "main" })).toEqual([]);
      expect(await following({ branch: "main" }, IN_PRODUCTION)).toEqual([
        [
          "violation",
          "gitRepository.repositoryRef.branch follows a branch, and every push to that branch reaches production immediately. Follow a tag, a semver range or a commit.",
        ],
      ]);
      for (const none of [undefined, {}, null]) {
        expect((await following(none, IN_PRODUCTION))[0]?.[1]).toMatch(
          /^it has no reference, so it follows a branch, and /,
        );
      }
      expect(await messages(classic(), IN_PRODUCTION)).toHaveLength(1);
    });

    test("may be unknown, which is reported in production only", async () => {
      expect(await following(UNKNOWN)).toEqual([]);
      expect(await following(UNKNOWN, IN_PRODUCTION)).toEqual([
        [
          "unjudged",
          "gitRepository.repositoryRef is known only once it is deployed. Give it a value that does not depend on another resource.",
        ],
      ]);
    });

    test("does not exist for a bucket or a container, which production therefore must not follow", async () => {
      const bucket = { url: "https://s3.contoso.com", insecure: false };
      const azureBlob = { url: "https://contoso.blob.core.windows.net" };
      const blobStorage = { containerId: "https://contoso.blob.core.windows.net/manifests" };
      const versions = (path: string, what: string) =>
        `${path} is that of a ${what}, which has no versions to follow, so every upload reaches production immediately. Follow a tag of a Git repository. If only a release may write to the ${what}, exempt the configuration.`;
      const none = { gitRepository: undefined };
      for (const [fixture, path, what] of [
        [flux({ ...none, bucket }), "bucket.url", "bucket"],
        [flux({ ...none, azureBlob }), "azureBlob.url", "container"],
        [classic({ ...none, blobStorage }), "blobStorage.containerId", "container"],
      ] as const) {
        expect(await messages(fixture)).toEqual([]);
        expect(await messages(fixture, IN_PRODUCTION)).toEqual([
          ["violation", versions(path, what)],
        ]);
      }
    });

    test.each(["tag", "semver", "commit"])("is pinned by a %s", async (sort) => {
      expect(await following({ branch: "main", [sort]: "1" }, IN_PRODUCTION)).toEqual([]);
      const gitRepository = { url: REPOSITORY.url, referenceType: sort, referenceValue: "1" };
      expect(await messages(classic({ gitRepository }), IN_PRODUCTION)).toEqual([]);
    });

    test.each([
      [["prod"], 0],
      [["DEV"], 1],
      [["de"], 0],
      [[], 0],
    ])("is judged in the stacks %j", async (productionStacks, count) => {
      const config = { "flux-source-pinned-and-private": { productionStacks } };
      expect(await following({ branch: "main" }, { config })).toHaveLength(count);
    });
  });

  test.each([
    [
      { scope: undefined },
      "scope is not set, so Flux may change the whole cluster by default. Set it to cluster or namespace explicitly.",
    ],
    [
      { namespace: undefined },
      "namespace is not set, which means default. Other applications use this namespace, too, and anyone who can read secrets there can read those of Flux. Set it to a namespace that only Flux uses.",
    ],
    [
      { namespace: "default" },
      "namespace is default. Other applications use this namespace, too, and anyone who can read secrets there can read those of Flux. Set it to a namespace that only Flux uses.",
    ],
  ])("has its field in the fix: %j", async (props, message) => {
    expect(await messages(flux(props))).toEqual([["violation", message]]);
  });

  test("has no field in the fix if that is unknown", async () => {
    expect(await messages(flux({ scope: UNKNOWN, namespace: UNKNOWN }))).toEqual([]);
  });

  describe("variables", () => {
    const substituting = (substitute: unknown) =>
      messages(flux({ kustomizations: { apps: { postBuild: { substitute } } } }));

    test.each([
      ["db_password", "hunter2"],
      ["db_password", UNKNOWN],
      ["registry", "-----BEGIN RSA PRIVATE KEY-----\nMII"],
    ])("are not secrets, and secrets are not repeated: %s", async (name, value) => {
      expect(await substituting({ [name]: value, region: "west" })).toEqual([
        [
          "violation",
          `kustomizations.apps.postBuild.substitute.${name} looks like a secret, but variables are stored in plain text. Read it from a Secret with postBuild.substituteFrom.`,
        ],
      ]);
    });

    test.each([undefined, null, {}])("are optional: %j", async (substitute) => {
      expect(await substituting(substitute)).toEqual([]);
    });

    test("may refer to a secret", async () => {
      expect(await substituting({ secret_name: "db", mesh_revision: UNKNOWN })).toEqual([]);
    });

    test("are read from the classic provider's list", async () => {
      const kustomizations = [{ name: "apps", postBuild: { substitute: { api_key: "x" } } }];
      expect((await messages(classic({ kustomizations })))[0]?.[1]).toContain(
        "kustomizations[0].postBuild.substitute.api_key looks like a secret",
      );
    });
  });

  test.each<[string, Props]>([
    ["gitRepository", { gitRepository: UNKNOWN }],
    ["kustomizations", { kustomizations: UNKNOWN }],
    ["kustomizations.apps", { kustomizations: { apps: UNKNOWN } }],
    ["bucket.insecure", { bucket: { url: "https://s3.contoso.com", insecure: UNKNOWN } }],
    ["bucket.url", { bucket: { url: UNKNOWN, insecure: false } }],
    ["azureBlob.url", { azureBlob: { url: UNKNOWN } }],
  ])("advises if %s is unknown", async (path, props) => {
    expect(await messages(flux(props))).toEqual([
      [
        "unjudged",
        `${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
