import * as k8s from "@pulumi/kubernetes";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MeshConfiguration } from "../../../components/mesh/MeshConfiguration.ts";
import type { MeshConfigurationArgs } from "../../../components/mesh/MeshConfiguration.ts";
import type { MeshConfig } from "../../../mesh/meshConfig.ts";
import { mockEngine } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const OWN = "aks-istio:index:MeshConfiguration";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const AUTHENTICATION = "kubernetes:security.istio.io/v1:PeerAuthentication";
const TELEMETRY = "kubernetes:telemetry.istio.io/v1:Telemetry";

const PLAIN: MeshConfigurationArgs = {
  configMaps: ["asm-1-29", "asm-1-30"],
  meshConfig: {},
  mtls: "strict",
  accessLogs: true,
};
const CONFIGURED: MeshConfig = { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } };

async function made(args: Partial<MeshConfigurationArgs> = {}): Promise<Recorder> {
  const engine = await mockEngine();
  const provider = new k8s.Provider("cluster", {});
  new MeshConfiguration("mesh", { ...PLAIN, ...args }, { provider });
  await engine.settle();
  return engine;
}

async function identities(args: Partial<MeshConfigurationArgs> = {}): Promise<string[]> {
  const all = (await made(args)).identities();
  return all.filter((identity) => identity.startsWith(OWN));
}

test("creates mutual TLS and access logs, and no empty ConfigMap", async () => {
  expect(await identities()).toEqual([
    `${OWN}$${AUTHENTICATION}::mesh-mtls`,
    `${OWN}$${TELEMETRY}::mesh-access-logs`,
    `${OWN}::mesh`,
  ]);
});

test("creates a ConfigMap for each revision, once there is something to configure", async () => {
  expect(await identities({ meshConfig: CONFIGURED, accessLogs: false })).toEqual([
    `${OWN}$${CONFIG_MAP}::mesh-asm-1-29`,
    `${OWN}$${CONFIG_MAP}::mesh-asm-1-30`,
    `${OWN}$${AUTHENTICATION}::mesh-mtls`,
    `${OWN}::mesh`,
  ]);
});

test("all objects use the component's provider", async () => {
  const engine = await made({ meshConfig: CONFIGURED });
  const cluster = `${engine.one("pulumi:providers:kubernetes", "cluster").urn}::cluster-id`;
  const inCluster = engine.registered.filter(({ type }) => type.startsWith("kubernetes:"));
  expect(inCluster.map(({ provider }) => provider)).toEqual([cluster, cluster, cluster, cluster]);
});

test.each([
  ["strict", "STRICT"],
  ["permissive", "PERMISSIVE"],
] as const)("mutual TLS that is %s applies to the whole mesh as %s", async (mtls, mode) => {
  const engine = await made({ mtls });
  expect(engine.one(AUTHENTICATION, "mesh-mtls").inputs).toEqual({
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace: "aks-istio-system" },
    spec: { mtls: { mode } },
  });
});

test("access logs use the provider that AKS supports", async () => {
  const engine = await made();
  expect(engine.one(TELEMETRY, "mesh-access-logs").inputs).toEqual({
    apiVersion: "telemetry.istio.io/v1",
    kind: "Telemetry",
    metadata: { name: "access-logs", namespace: "aks-istio-system" },
    spec: { accessLogging: [{ providers: [{ name: "envoy" }] }] },
  });
});

describe("a shared ConfigMap", () => {
  async function textOf(meshConfig: MeshConfig): Promise<string> {
    const engine = await made({ meshConfig, configMaps: ["asm-1-30"] });
    const { data } = engine.one(CONFIG_MAP, "mesh-asm-1-30").inputs;
    return (data as { mesh: string }).mesh;
  }

  test("is where its revision looks for it", async () => {
    const engine = await made({ meshConfig: CONFIGURED });
    expect(engine.one(CONFIG_MAP, "mesh-asm-1-29").inputs).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "istio-shared-configmap-asm-1-29", namespace: "aks-istio-system" },
      data: { mesh: "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n" },
    });
  });

  test("does not depend on the order of the keys", async () => {
    const straight = await textOf({
      accessLogEncoding: "JSON",
      defaultConfig: { concurrency: 2, drainDuration: "45s" },
    });
    expect(straight).toBe(
      "accessLogEncoding: JSON\ndefaultConfig:\n  concurrency: 2\n  drainDuration: 45s\n",
    );
    const turned = await textOf({
      defaultConfig: { drainDuration: "45s", concurrency: 2 },
      accessLogEncoding: "JSON",
    });
    expect(turned).toBe(straight);
  });

  test("means the same in YAML 1.1, which Istio reads, and 1.2", async () => {
    const accessLogFormat = `%START_TIME% ${"%REQ(:METHOD)% ".repeat(20)}\n`;
    const proxyMetadata = {
      ON: "on",
      NO: "no",
      OCTAL: "017",
      SIXTIETHS: "1:30",
      DAY: "2026-01-01",
    };
    const meshConfig: MeshConfig = { accessLogFormat, defaultConfig: { proxyMetadata } };
    const text = await textOf(meshConfig);
    expect(parse(text, { version: "1.1" })).toEqual(meshConfig);
    expect(parse(text)).toEqual(meshConfig);
  });
});
