import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { aksIstio } from "../support/command.ts";
import { CERTIFICATE, pem } from "../support/pem.ts";
import { planLeaves } from "../support/planText.ts";
import { scratch } from "../support/programs.ts";
import { PASSPHRASE, SALT, encrypted } from "../support/secrets.ts";

const write = scratch({ packages: false });

const PLANTED = {
  httpsKey: "planted-token-of-the-repository",
  secretKey: "planted-secret-of-the-bucket",
  accountKey: "planted-key-of-the-account",
  clientSecret: "planted-secret-of-the-principal",
  tlsKey: "plantedKeyOfTheHost",
  caKey: "plantedKeyOfTheAuthority",
};

/** Where the plan contains them. */
const PLACES = [
  "FluxConfiguration gitops/configurationProtectedSettings/httpsKey",
  "FluxConfiguration gitops-team-a/configurationProtectedSettings/bucketSecretKey",
  // The SDK seals an object with a secret in it as a whole.
  "FluxConfiguration gitops-team-a/bucket",
  "FluxConfiguration gitops-team-b/azureBlob",
  "FluxConfiguration gitops-team-c/azureBlob",
  "Secret external-shop.example.com/stringData",
  "Secret mesh-ca-ca-key/properties/value",
];

/** The dev stack with a secret in every place that allows one. */
function withSecrets(): string {
  const { config } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as {
    config: Record<string, object>;
  };
  const secure = (plain: string) => ({ secure: encrypted(plain) });
  const team = (name: string, source: object) => ({
    [name]: { ...source, namespace: name, kustomizations: { apps: { path: "./apps" } } },
  });
  const blobs = { url: "https://fleet.blob.core.windows.net", container: "manifests" };
  const clientId = "9b8f1a52-3f3c-4a0e-8f0e-2d5f6a7b8c9d";
  return stringify({
    encryptionsalt: SALT,
    config: {
      ...config,
      "aks-istio:gitops": {
        ...config["aks-istio:gitops"],
        httpsUser: "flux",
        httpsKey: secure(PLANTED.httpsKey),
        configurations: {
          ...team("team-a", {
            bucket: {
              url: "https://s3.example.com",
              name: "fleet",
              accessKey: secure("planted-id-of-the-bucket"),
              secretKey: secure(PLANTED.secretKey),
            },
          }),
          ...team("team-b", { azureBlob: { ...blobs, accountKey: secure(PLANTED.accountKey) } }),
          ...team("team-c", {
            azureBlob: {
              ...blobs,
              servicePrincipal: {
                ...{ tenantId: clientId, clientId },
                clientSecret: secure(PLANTED.clientSecret),
              },
            },
          }),
        },
      },
      "aks-istio:gateways": {
        ingress: {
          External: {
            hosts: {
              "shop.example.com": {
                namespace: "shop",
                service: "frontend",
                port: 9898,
                tlsCertificate: CERTIFICATE,
                tlsKey: secure(pem("PRIVATE KEY", PLANTED.tlsKey)),
              },
            },
          },
        },
      },
      "aks-istio:certificates": {
        since: "creation",
        network: { defaultAction: "Allow" },
        contents: {
          rootCert: CERTIFICATE,
          caCert: CERTIFICATE,
          caKey: secure(pem("PRIVATE KEY", PLANTED.caKey)),
          certChain: CERTIFICATE,
        },
      },
    },
  });
}

test("no secret appears in clear text in any output of a plan", async () => {
  const home = write("secrets", { "Pulumi.dev.yaml": withSecrets() });
  const file = join(home, "Pulumi.dev.yaml");
  const env = { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
  const [json, markdown, out] = ["plan.json", "plan.md", "manifests"].map((name) =>
    join(home, name),
  ) as [string, string, string];

  const reports = ["--json", json, "--markdown", markdown];
  const preview = await aksIstio(["preview", "--config-file", file, ...reports], env);
  const incomplete = ["--allow-incomplete", "--out", out];
  const render = await aksIstio(["render", "--config-file", file, ...incomplete], env);
  expect([preview.stderr, preview.code, render.code]).toEqual([preview.stderr, 0, 0]);

  const written = new Map([
    ["terminal", preview.stdout],
    ["log", preview.stderr + render.stderr],
    ["render", render.stdout],
    ["json", readFileSync(json, "utf8")],
    ["markdown", readFileSync(markdown, "utf8")],
    ...readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), "utf8")] as const),
  ]);
  // All of them reached the plan: a secret that was lost on the way would not appear either.
  const leaves = planLeaves(written.get("json") ?? "");
  const sealed = [...leaves].filter(([, value]) => value === '"[secret]"').map(([path]) => path);
  expect(sealed).toEqual(expect.arrayContaining(PLACES));

  const forms = Object.values(PLANTED).flatMap((plain) => [
    plain,
    Buffer.from(plain).toString("base64").slice(0, -4),
    encodeURIComponent(plain),
    PASSPHRASE,
  ]);
  for (const [name, text] of written) {
    for (const form of forms) expect([name, text.includes(form)]).toEqual([name, false]);
  }
});
