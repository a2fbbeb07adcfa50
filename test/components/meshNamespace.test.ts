import * as k8s from "@pulumi/kubernetes";
import { expect, test } from "vitest";
import { MeshNamespace } from "../../components/meshNamespace.ts";
import type { MeshNamespaceArgs } from "../../components/meshNamespace.ts";
import { mockEngine, resolved } from "../support/mocks.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";

async function labelsOf(args: MeshNamespaceArgs): Promise<unknown> {
  const engine = await mockEngine();
  new MeshNamespace("shop", args);
  await engine.settle();
  const { metadata } = engine.one(NAMESPACE, "shop").inputs;
  return metadata;
}

test("a namespace in the mesh carries its revision and nothing of an older Istio", async () => {
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

test("a namespace outside the mesh says so, carries no revision and is restricted", async () => {
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
] as const)("what is enforced in %s can be chosen: %s", async (mesh, podSecurity) => {
  expect(await labelsOf({ mesh, podSecurity })).toMatchObject({
    labels: {
      "pod-security.kubernetes.io/enforce": podSecurity,
      "pod-security.kubernetes.io/warn": "restricted",
    },
  });
});

test("its one child goes to the provider that the component was given", async () => {
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
  expect(shop.mesh).toBe("asm-1-30");
});
