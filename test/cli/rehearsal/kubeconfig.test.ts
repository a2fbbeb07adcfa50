import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { isOnThisMachine, ownCluster } from "../../../cli/rehearsal/kubeconfig.ts";
import { UsageError } from "../../../offline/errors.ts";

const directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const SERVER = "https://127.0.0.1:6443";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function kubeconfig(
  user: Readonly<Record<string, unknown>>,
  cluster: Readonly<Record<string, unknown>> = { server: SERVER },
): string {
  const file = join(directory, "config");
  const config = {
    "current-context": "kind-mesh",
    contexts: [
      { name: "production", context: { cluster: "production", user: "other" } },
      { name: "kind-mesh", context: { cluster: "kind", user: "admin", namespace: "shop" } },
    ],
    clusters: [
      { name: "production", cluster: { server: "https://a.hcp.westeurope.azmk8s.io" } },
      { name: "kind", cluster },
    ],
    users: [
      { name: "other", user: { token: "of production" } },
      { name: "admin", user },
    ],
  };
  writeFileSync(file, stringify(config));
  return file;
}

describe("the current context of a kubeconfig", () => {
  test("gives the cluster and a token", () => {
    const cluster = {
      server: SERVER,
      "certificate-authority-data": base64("authority"),
      "tls-server-name": "kind",
    };
    expect(ownCluster(kubeconfig({ token: "secret" }, cluster))).toEqual({
      context: "kind-mesh",
      access: cluster,
      credential: { token: "secret" },
    });
  });

  test("gives a client certificate as PEM", () => {
    const user = {
      "client-certificate-data": base64("certificate"),
      "client-key-data": base64("key"),
    };
    expect(ownCluster(kubeconfig(user)).credential).toEqual({
      clientCertificateData: "certificate",
      clientKeyData: "key",
    });
  });

  test("gives files, whose paths are relative to its own", () => {
    for (const name of ["ca.crt", "client.crt", "client.key"]) {
      writeFileSync(join(directory, name), name);
    }
    const user = {
      "client-certificate": "client.crt",
      "client-key": join(directory, "client.key"),
    };
    const cluster = { server: SERVER, "certificate-authority": "ca.crt" };
    expect(ownCluster(kubeconfig(user, cluster))).toEqual({
      context: "kind-mesh",
      access: { server: SERVER, "certificate-authority-data": base64("ca.crt") },
      credential: { clientCertificateData: "client.crt", clientKeyData: "client.key" },
    });
  });

  test.each([
    ["a server without a scheme", { token: "t" }, { server: "127.0.0.1:6443" }, "must be a URL"],
    ["no credential", {}, undefined, "neither a token nor a client certificate"],
    [
      "a certificate without a key",
      { "client-certificate-data": base64("certificate") },
      undefined,
      "neither a token nor a client certificate with its key",
    ],
    [
      "a login by a program",
      { exec: { command: "aws", args: ["--token", "confidential"] } },
      undefined,
      "does not run credential plugins",
    ],
    ["a file that does not exist", { "client-certificate": "gone.crt" }, undefined, "gone.crt"],
    [
      "a cluster of AKS",
      { token: "confidential" },
      { server: "https://a-1.privatelink.westeurope.azmk8s.io:443" },
      "is an AKS cluster",
    ],
    [
      "a cluster of AKS with a final period",
      { token: "confidential" },
      { server: "https://a-1.hcp.westeurope.azmk8s.io.:443" },
      "is an AKS cluster (a-1.hcp.westeurope.azmk8s.io.)",
    ],
    [
      "a cluster of AKS behind a tunnel",
      { token: "confidential" },
      { server: SERVER, "tls-server-name": "a-1.hcp.westeurope.azmk8s.io" },
      "is an AKS cluster (a-1.hcp.westeurope.azmk8s.io)",
    ],
    [
      "credentials in the URL",
      { token: "t" },
      { server: "https://admin:confidential@127.0.0.1:6443" },
      "must be a URL without credentials and without a query",
    ],
    [
      "a query in the URL",
      { token: "t" },
      { server: "https://127.0.0.1:6443/?token=confidential" },
      "must be a URL without credentials and without a query",
    ],
    [
      "an empty token",
      { token: "" },
      undefined,
      "neither a token nor a client certificate with its key",
    ],
    [
      "a cluster of AKS in a sovereign cloud",
      { token: "confidential" },
      { server: "https://a-1.hcp.chinaeast2.cx.prod.service.azk8s.cn" },
      "is an AKS cluster",
    ],
  ])("is refused for %s", (_, user, cluster, message) => {
    const file = kubeconfig(user, cluster);
    expect(() => ownCluster(file)).toThrow(UsageError);
    expect(() => ownCluster(file)).toThrow(message);
    expect(() => ownCluster(file)).not.toThrow("confidential");
  });
});

test.each([
  [SERVER, true],
  ["https://127.8.9.10", true],
  ["https://localhost:6443", true],
  ["https://[::1]:6443", true],
  ["https://127.example.com", false],
  ["https://localhost.example.com", false],
  ["https://10.0.0.1:6443", false],
  ["https://0.0.0.0:6443", false],
  ["https://127.0.0.1.evil.example", false],
  ["https://localhost.", false],
])("the server %s is on this machine: %s", (server, expected) => {
  expect(isOnThisMachine({ server })).toBe(expected);
});

test("a server that a proxy reaches may be anywhere", () => {
  expect(isOnThisMachine({ server: SERVER, "proxy-url": "http://127.0.0.1:3128" })).toBe(false);
});
