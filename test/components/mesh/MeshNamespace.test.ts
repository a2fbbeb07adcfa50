import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { MeshNamespace } from "../../../components/mesh/MeshNamespace.ts";
import type { MeshNamespaceArgs } from "../../../components/mesh/MeshNamespace.ts";
import type { MeshRevision } from "../../../mesh/revision.ts";
import { mockEngine, resolved } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const OWN = "aks-istio:index:MeshNamespace";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const POLICY = "kubernetes:security.istio.io/v1:AuthorizationPolicy";
const SIDECAR = "kubernetes:networking.istio.io/v1:Sidecar";

async function made(args: Partial<MeshNamespaceArgs>): Promise<Recorder> {
  const engine = await mockEngine();
  new MeshNamespace("shop", { mesh: "asm-1-30", ...args });
  await engine.settle();
  return engine;
}

async function labelsOf(args: MeshNamespaceArgs): Promise<unknown> {
  const { metadata } = (await made(args)).one(NAMESPACE, "shop").inputs;
  return metadata;
}

test("a namespace in the mesh has its revision label and no label of an older Istio", async () => {
  expect(await labelsOf({ mesh: "asm-1-30" })).toEqual({
    name: "shop",
    labels: {
      "istio.io/rev": "asm-1-30",
      "pod-security.kubernetes.io/enforce": "privileged",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
    },
  });
});

test("a namespace outside the mesh is marked so, has no revision label and is restricted", async () => {
  expect(await labelsOf({ mesh: "outside" })).toEqual({
    name: "shop",
    labels: {
      "aks-istio/mesh": "outside",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
    },
  });
});

test.each([
  ["asm-1-30", "restricted"],
  ["outside", "privileged"],
] as const)("the enforced standard in %s can be chosen: %s", async (mesh, podSecurity) => {
  expect(await labelsOf({ mesh, podSecurity })).toMatchObject({
    labels: {
      "pod-security.kubernetes.io/enforce": podSecurity,
      "pod-security.kubernetes.io/warn": "restricted",
    },
  });
});

test("accepts the team's own labels, annotations and quota, which do not affect the mesh", async () => {
  const engine = await made({
    labels: { team: "shop", "istio.io/rev": "asm-1-29" },
    annotations: { "example.com/contact": "#shop" },
    quota: { pods: "50" },
  });
  expect(engine.one(NAMESPACE, "shop").inputs["metadata"]).toMatchObject({
    annotations: { "example.com/contact": "#shop" },
    labels: { team: "shop", "istio.io/rev": "asm-1-30" },
  });
  expect(engine.one("kubernetes:core/v1:ResourceQuota", "shop-quota").inputs).toMatchObject({
    metadata: { name: "quota", namespace: "shop" },
    spec: { hard: { pods: "50" } },
  });
});

test("its only child uses the component's provider", async () => {
  const engine = await mockEngine();
  const provider = new k8s.Provider("cluster", {});
  const shop = new MeshNamespace("shop", { mesh: "asm-1-30" }, { provider });
  await engine.settle();

  expect(engine.identities()).toEqual([
    "aks-istio:index:MeshNamespace$kubernetes:core/v1:Namespace::shop",
    "aks-istio:index:MeshNamespace::shop",
    "pulumi:providers:kubernetes::cluster",
  ]);
  expect(engine.one(NAMESPACE, "shop").provider).toBe(
    `${engine.one("pulumi:providers:kubernetes", "cluster").urn}::cluster-id`,
  );
  expect(engine.one("aks-istio:index:MeshNamespace", "shop").inputs).toEqual({
    mesh: "asm-1-30",
    podSecurity: "privileged",
  });
  expect(await resolved(shop.namespaceName)).toBe("shop");
  expect(await resolved(shop.mesh)).toBe("asm-1-30");
  expect(shop.defaultDeny).toBe(false);
});

test("accepts a revision that is only read back", async () => {
  const readBack = pulumi.output<MeshRevision>("asm-1-29");
  expect(await labelsOf({ mesh: readBack })).toMatchObject({
    labels: {
      "istio.io/rev": "asm-1-29",
      "pod-security.kubernetes.io/enforce": "privileged",
    },
  });
});

test("comes after the component's dependencies", async () => {
  const engine = await mockEngine();
  const first = new k8s.core.v1.ConfigMap("first", {});
  new MeshNamespace("shop", { mesh: "asm-1-30" }, { dependsOn: first });
  await engine.settle();
  const { urn } = engine.one("kubernetes:core/v1:ConfigMap", "first");
  expect(engine.one(NAMESPACE, "shop").dependencies).toContain(urn);
});

describe("a namespace that denies requests by default", () => {
  test("has a policy that allows nothing", async () => {
    const engine = await made({ defaultDeny: true });
    expect(engine.identities()).toEqual([
      `${OWN}$${NAMESPACE}::shop`,
      `${OWN}$${POLICY}::shop-default-deny`,
      `${OWN}::shop`,
    ]);
    expect(engine.one(POLICY, "shop-default-deny").inputs).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "default-deny", namespace: "shop" },
      spec: {},
    });
  });
});

describe("the sidecar scope", () => {
  test.each([
    [[], ["./*", "aks-istio-system/*"]],
    [
      ["web", "accounts"],
      ["./*", "accounts/*", "aks-istio-system/*", "web/*"],
    ],
  ])("of %j is %j", async (sidecarScope, hosts) => {
    const engine = await made({ sidecarScope });
    expect(engine.identities()).toEqual([
      `${OWN}$${NAMESPACE}::shop`,
      `${OWN}$${SIDECAR}::shop-sidecar-scope`,
      `${OWN}::shop`,
    ]);
    expect(engine.one(SIDECAR, "shop-sidecar-scope").inputs).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "Sidecar",
      metadata: { name: "default", namespace: "shop" },
      spec: { egress: [{ hosts }] },
    });
  });
});

test("its name is known in a first preview, and depends on the namespace", async () => {
  const engine = await mockEngine({ preview: true });
  const { namespaceName } = new MeshNamespace("shop", { mesh: "asm-1-30", defaultDeny: true });
  await engine.settle();
  const policy = engine.one(POLICY, "shop-default-deny");
  expect(policy.inputs).toMatchObject({ metadata: { namespace: "shop" } });
  expect(policy.dependencies).toEqual([engine.one(NAMESPACE, "shop").urn]);
  expect(await resolved(namespaceName)).toBe("shop");
});
