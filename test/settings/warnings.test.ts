import { describe, expect, test } from "vitest";
import { newestRevision } from "../../mesh/catalog.ts";
import { CERTIFICATE, PRIVATE_KEY } from "../support/pem.ts";
import { LEAST, parsed, withKey } from "../support/settings.ts";

function warningsOf(mesh: object, namespaces: unknown = {}): readonly string[] {
  const result = parsed({ ...withKey("mesh", mesh), "aks-istio:namespaces": namespaces });
  return "warnings" in result ? result.warnings : result.problems;
}

test("the minimal configuration has none", () => {
  expect(parsed(LEAST)).toMatchObject({ warnings: [] });
});

test("about a revision that is newer than the catalog, which is accepted", () => {
  expect(warningsOf({ revision: "asm-1-999" })).toEqual([
    `aks-istio:mesh.revision: asm-1-999 is newer than ${newestRevision()}, the newest revision known here, so it could not be checked`,
  ]);
  expect(warningsOf({ revision: newestRevision() })).toEqual([]);
});

describe("about an upgrade", () => {
  const upgrade = (phase: string, to = "asm-1-30") => ({
    revision: "asm-1-29",
    upgrade: { to, phase },
  });

  test("with a canary that no namespace follows", () => {
    const warning =
      "aks-istio:mesh.upgrade.phase: no namespace follows the canary: set canary on one and watch its workloads on asm-1-30";
    expect(warningsOf(upgrade("canary"))).toEqual([warning]);
    expect(warningsOf(upgrade("canary"), { shop: {}, batch: { mesh: false } })).toEqual([warning]);
    expect(warningsOf(upgrade("canary"), { shop: {}, cart: { canary: true } })).toEqual([]);
    expect(warningsOf(upgrade("prepared"), { shop: {} })).toEqual([]);
    expect(warningsOf(upgrade("promoted"), { shop: {} })).toEqual([]);
  });

  test("to a revision that is newer than the catalog", () => {
    const newer = { revision: newestRevision(), upgrade: { to: "asm-1-999", phase: "prepared" } };
    const [warning, ...others] = warningsOf({ ...newer, revision: "asm-1-998" });
    expect(others).toEqual([
      expect.stringMatching(
        /^aks-istio:mesh\.upgrade\.to: asm-1-999 is newer than the catalog of /,
      ),
    ]);
    expect(warning).toMatch(/^aks-istio:mesh\.revision: asm-1-998 is newer than /);
  });
});

test("about a MeshConfig field whose name is uncertain", () => {
  const defaultConfig = { statsUdpAddress: "127.0.0.1:8125" };
  expect(warningsOf({ meshConfig: { defaultConfig } })).toEqual([
    expect.stringMatching(
      /^aks-istio:mesh\.meshConfig\.defaultConfig\.statsUdpAddress: Microsoft's table /,
    ),
  ]);
});

describe("about a host that is routed", () => {
  const hosts = (namespace: string) => ({
    "shop.example.com": {
      namespace,
      service: "frontend",
      port: 80,
      tlsCertificate: CERTIFICATE,
      tlsKey: PRIVATE_KEY,
    },
  });
  const leadingTo = (namespace: string, mesh: object = {}) => {
    const result = parsed(
      {
        ...withKey("mesh", mesh),
        "aks-istio:namespaces": { shop: {}, batch: { mesh: false }, edge: {} },
        "aks-istio:gateways": {
          ingress: {
            Internal: { hosts: hosts(namespace) },
            External: { api: "gateway-api", namespace: "edge", hosts: hosts(namespace) },
          },
        },
      },
      ["aks-istio:gateways"],
    );
    return "warnings" in result ? result.warnings : result.problems;
  };
  const warning = (kind: string) =>
    `aks-istio:gateways.ingress.${kind}.hosts["shop.example.com"].namespace: batch is outside the mesh: requests for shop.example.com travel from the gateway to the Service in plain text; set namespaces.batch.mesh to true, or route the host to a namespace in the mesh`;

  test("out of the mesh, on every kind of gateway, for any revision setting", () => {
    const both = [warning("Internal"), warning("External")];
    expect(leadingTo("batch")).toEqual(both);
    expect(leadingTo("batch", { revision: undefined, management: "external" })).toEqual(both);
  });

  test("into the mesh: none", () => {
    expect(leadingTo("shop")).toEqual([]);
  });
});
