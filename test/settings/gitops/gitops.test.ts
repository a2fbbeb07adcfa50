import { describe, expect, test } from "vitest";
import { SSH_PRIVATE_KEY } from "../../support/pem.ts";
import { accepted, problemsOf, withKey } from "../../support/settings.ts";

const REPOSITORY = { url: "https://git.example.com/a/b", reference: { branch: "main" } };

function problems(kustomizations: unknown): readonly string[] {
  return problemsOf(withKey("gitops", { ...REPOSITORY, kustomizations }));
}

describe("a Flux Kustomization", () => {
  test("is listed with its directory, its order and its variables", () => {
    const apps = { path: "./apps", dependsOn: ["base"], substitute: { shop_host: "a.example" } };
    const gitops = { ...REPOSITORY, kustomizations: { base: { path: "./" }, apps } };
    expect(accepted(withKey("gitops", gitops)).gitops?.kustomizations).toEqual({
      base: { path: "./", dependsOn: [], substitute: {} },
      apps,
    });
  });

  test.each([
    ["left out", undefined, "missing; "],
    ["none", {}, "found an empty map; "],
  ])("must be listed: %s", (_, kustomizations, found) => {
    expect(problems(kustomizations)).toEqual([
      `aks-istio:gitops.kustomizations: ${found}must name each directory that Flux applies, such as { apps: { path: ./gitops/apps/prod } }`,
    ]);
  });

  test.each(["./", "./a", "./a/", "./a/b", "./..a/b..", "./.hidden"])("may be in %s", (path) => {
    expect(problems({ apps: { path } })).toEqual([]);
  });

  test.each(["", ".", "apps", "/apps", "./..", "./a/../b", "./a//b", "./a b", "../a"])(
    "must not be in %j",
    (path) => {
      expect(problems({ apps: { path } })).toEqual([
        `aks-istio:gitops.kustomizations.apps.path: found ${JSON.stringify(path)}; must be a directory of the repository that begins with ./ and stays inside it, such as ./gitops/apps/prod`,
      ]);
    },
  );

  test("has a name that is valid as a label", () => {
    const fits = "a".repeat(56);
    const rule =
      "the name must consist of lowercase letters, digits and hyphens, begin and end with a letter or digit, and be at most 56 characters long";
    expect(problems({ [fits]: { path: "./a" } })).toEqual([]);
    expect(problems({ [`${fits}a`]: { path: "./a" }, "-a": { path: "./a" } })).toEqual([
      `aks-istio:gitops.kustomizations.-a: ${rule}`,
      `aks-istio:gitops.kustomizations.${fits}a: ${rule}`,
    ]);
  });

  test("depends only on existing ones, and never on itself", () => {
    const path = "./a";
    expect(
      problems({
        base: { path, dependsOn: ["apps"] },
        apps: { path, dependsOn: ["bases", "base"] },
        last: { path, dependsOn: ["apps"] },
      }),
    ).toEqual([
      "aks-istio:gitops.kustomizations.apps.dependsOn: must not lead back to the kustomization itself: Flux would wait forever",
      'aks-istio:gitops.kustomizations.apps.dependsOn[0]: found "bases"; must be one of the kustomizations; did you mean base?',
      "aks-istio:gitops.kustomizations.base.dependsOn: must not lead back to the kustomization itself: Flux would wait forever",
    ]);
  });

  test("has variables that Flux can replace, and gets the revision only from the program", () => {
    const substitute = { mesh_revision: "asm-1-29", _a1: "", "a-b": "", "1a": "" };
    const rule =
      "the name of a variable must consist of letters, digits and _, and must not begin with a digit";
    expect(problems({ apps: { path: "./a", substitute } })).toEqual([
      `aks-istio:gitops.kustomizations.apps.substitute.1a: ${rule}`,
      `aks-istio:gitops.kustomizations.apps.substitute.a-b: ${rule}`,
      "aks-istio:gitops.kustomizations.apps.substitute.mesh_revision: is set by the program, from mesh.revision; remove it",
    ]);
  });

  test("accepts only strings as variables", () => {
    expect(problems({ apps: { path: "./a", substitute: { port: 80 } } })).toEqual([
      "aks-istio:gitops.kustomizations.apps.substitute.port: found 80; must be the text that replaces the variable, in quotes",
    ]);
  });
});

test("accepts keys and known hosts as they are, not in base64", () => {
  const url = "ssh://git@git.example.com/a/b";
  const encode = (plain: string) => Buffer.from(plain).toString("base64");
  const sshKnownHosts = "git.example.com ssh-ed25519 AAAA";
  const sshPrivateKey = SSH_PRIVATE_KEY;
  const ssh = { ...REPOSITORY, url, kustomizations: { apps: { path: "./apps" } } };
  const refused = (gitops: object) => problemsOf(withKey("gitops", gitops), ["aks-istio:gitops"]);
  expect(refused({ ...ssh, sshKnownHosts, sshPrivateKey })).toEqual([]);
  // The value of a secret in a preview that cannot decrypt it.
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  expect(refused({ ...ssh, sshKnownHosts, sshPrivateKey: unknown })).toEqual([]);
  expect(
    refused({
      ...ssh,
      sshKnownHosts: encode(sshKnownHosts),
      sshPrivateKey: encode(sshPrivateKey),
    }),
  ).toEqual([
    "aks-istio:gitops.sshKnownHosts: must be lines of a known_hosts file as ssh-keyscan prints them, not encoded in base64",
    "aks-istio:gitops.sshPrivateKey: must be a private key in PEM form without a passphrase, with line breaks: -----BEGIN OPENSSH PRIVATE KEY-----, base64 and -----END OPENSSH PRIVATE KEY-----, not encoded in base64 again",
  ]);
});

describe("known hosts", () => {
  const url = "ssh://git@git.example.com/a/b";
  const refused = (sshKnownHosts: string) => {
    const ssh = { url, sshKnownHosts, sshPrivateKey: SSH_PRIVATE_KEY };
    const gitops = { ...REPOSITORY, ...ssh, kustomizations: { apps: { path: "./apps" } } };
    return problemsOf(withKey("gitops", gitops), ["aks-istio:gitops"]);
  };
  const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0w";

  test.each([
    `git.example.com ${KEY}`,
    `# git.example.com:22 SSH-2.0-babeld\n\ngit.example.com,192.0.2.7 ${KEY} comment\r\n[git.example.com]:2222 ${KEY}=\n`,
    `|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ${KEY}`,
    `@cert-authority *.example.com ecdsa-sha2-nistp256 AAAA\n`,
    `git.example.com sk-ssh-ed25519@openssh.com AAAA`,
  ])("may be %j", (text) => {
    expect(refused(text)).toEqual([]);
  });

  test.each([
    "git.example.com",
    "git.example.com ssh-ed25519",
    "# git.example.com\n",
    KEY,
    `git.example.com ssh-ed25519 BBBB`,
    `git.example.com ${KEY}\ngit.example.com`,
  ])("must not be %j", (text) => {
    expect(refused(text)).toEqual([
      "aks-istio:gitops.sshKnownHosts: must be lines of a known_hosts file as ssh-keyscan prints them, not encoded in base64",
    ]);
  });
});

describe("the reference", () => {
  const referring = (reference: object) =>
    problemsOf(
      withKey("gitops", { ...REPOSITORY, reference, kustomizations: { apps: { path: "./a" } } }),
    );

  test.each(["main", "release/1.2", "feature-a.b", "v1.2.0", "a@b"])(
    "may be the name %s",
    (name) => {
      expect(referring({ branch: name })).toEqual([]);
      expect(referring({ tag: name })).toEqual([]);
    },
  );

  test.each([
    "main branch",
    "-a",
    "/a",
    "a/",
    "a..b",
    "a~1",
    "a^",
    "a:b",
    "a.lock",
    "a/.b",
    "a.",
    "@",
  ])("must not be the name %j", (name) => {
    expect(referring({ branch: name })).toEqual([
      `aks-istio:gitops.reference.branch: found ${JSON.stringify(name)}; must be the name of a branch`,
    ]);
    expect(referring({ tag: name })).toEqual([
      `aks-istio:gitops.reference.tag: found ${JSON.stringify(name)}; must be the name of a tag`,
    ]);
  });

  test.each([
    ">=1.2.0 <2.0.0",
    ">= 1.2, < 3",
    "1.2.x",
    "^1",
    "~1.2 || ^2.0.0",
    "1.2 - 1.4.5",
    "*",
    ">=1.0.0-0",
    "!=1.2.3",
  ])("may be the range %s", (semver) => {
    expect(referring({ semver })).toEqual([]);
  });

  test.each(["banana", ">=", "1.2.3.4", "v", "1.0 and 2.0"])(
    "must not be the range %j",
    (semver) => {
      expect(referring({ semver })).toEqual([
        `aks-istio:gitops.reference.semver: found ${JSON.stringify(semver)}; must be a range of versions, such as >=1.2.0 <2.0.0`,
      ]);
    },
  );
});
