import { describe, expect, test } from "vitest";
import { meshNoIstioOperatorOrCrds } from "../../../../policy/rules/mesh/mesh-no-istio-operator-or-crds.ts";
import { UNKNOWN, cluster, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);

async function messages(stack: readonly Fixture[]) {
  return (await run(meshNoIstioOperatorOrCrds, stack)).map(({ level, message }) => [
    level,
    message,
  ]);
}

function definition(name: string, group: unknown, on: Fixture = provider, kind = ""): Fixture {
  const props = { metadata: { name }, spec: { group } };
  return object(on, "apiextensions.k8s.io/v1", `CustomResourceDefinition${kind}`, props);
}

function onMesh(...objects: Fixture[]) {
  return messages([mesh, provider, ...objects]);
}

describe("mesh-no-istio-operator-or-crds", () => {
  test.each([
    ["install.istio.io/v1alpha1", "IstioOperator"],
    ["sailoperator.io/v1", "Istio"],
    ["sailoperator.io/v1alpha1", "ZTunnel"],
    ["sailoperator.io/v1", "IstioRevision"],
    ["sailoperator.io/v1", "IstioRevisionTag"],
    ["sailoperator.io/v1", "IstioCNI"],
  ])("reports %s %s, once", async (version, kind) => {
    const order = object(provider, version, kind, { metadata: { name: "mesh" } });
    expect(await onMesh(order)).toEqual([
      [
        "violation",
        `${kind} "mesh": ${kind} makes an operator install Istio, but the cluster has the Istio add-on. Remove it.`,
      ],
    ]);
  });

  test.each(["networking.istio.io", "security.istio.io", "istio.io"])(
    "reports CRDs of %s",
    async (group) => {
      expect(await onMesh(definition(`things.${group}`, group))).toEqual([
        [
          "violation",
          `CustomResourceDefinition "things.${group}": spec.group is ${group}, but the add-on installs Istio's CRDs. Remove it.`,
        ],
      ]);
    },
  );

  test("recognizes a patch of a CRD by its name", async () => {
    const patch = definition("gateways.networking.istio.io", undefined, provider, "Patch");
    expect((await onMesh(patch)).map(([, text]) => text)).toEqual([
      expect.stringContaining(": metadata.name is gateways.networking.istio.io, but"),
    ]);
  });

  test("judges the objects in lists", async () => {
    const items = [{ spec: { group: "shop.example.com" } }, { spec: { group: "istio.io" } }];
    const list = object(provider, "apiextensions.k8s.io/v1", "CustomResourceDefinitionList", {
      items,
    });
    expect(await onMesh(list)).toHaveLength(1);
  });

  test.each<[string, Fixture]>([
    ["another CRD", definition("orders.shop.example.com", "shop.example.com")],
    ["a look-alike", definition("orders.notistio.io", "notistio.io")],
    ["a CRD without a group", definition("orders.shop.example.com", undefined)],
    [
      "a CRD without anything",
      object(provider, "apiextensions.k8s.io/v1", "CustomResourceDefinition", {}),
    ],
    ["an Istio resource", object(provider, "networking.istio.io/v1", "Gateway", {})],
    ["an Istio of another group", object(provider, "example.com/v1", "Istio", {})],
  ])("ignores: %s", async (_, fixture) => {
    expect(await onMesh(fixture)).toEqual([]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const order = object(on, "install.istio.io/v1alpha1", "IstioOperator", {});
    expect(await messages([plain, on, order, definition("x", UNKNOWN, on)])).toEqual([]);
  });

  test.each([
    ["spec.group", definition("things", UNKNOWN)],
    [
      "spec",
      object(provider, "apiextensions.k8s.io/v1", "CustomResourceDefinition", {
        metadata: { name: "things" },
        spec: UNKNOWN,
      }),
    ],
  ])("refuses an unknown %s", async (path, fixture) => {
    expect(await onMesh(fixture)).toEqual([
      [
        "violation",
        `CustomResourceDefinition "things": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("reports Istio's if the add-on is unknown", async () => {
    const unsure = cluster({ serviceMeshProfile: UNKNOWN });
    const on = kubernetes(unsure);
    expect(
      (await messages([unsure, on, definition("x.istio.io", "istio.io", on)])).map(
        ([, text]) => text,
      ),
    ).toEqual([
      expect.stringContaining('serviceMeshProfile of ManagedCluster "orders" is known only'),
    ]);
    expect(await messages([unsure, on, definition("x", "example.com", on)])).toEqual([]);
  });
});
