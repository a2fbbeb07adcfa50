import { describe, expect, test } from "vitest";
import { childrenOf } from "../../../offline/contents/children.ts";
import type { ChildOptions } from "../../../offline/contents/children.ts";
import { markSecret } from "../../../offline/plan/values.ts";
import type { JsonObject } from "../../../yaml/json.ts";

const PLAIN: ChildOptions = {
  prefix: "",
  namespace: "default",
  skipAwait: false,
  ofChart: false,
};
const object = (apiVersion: string, kind: string, metadata: JsonObject, more: JsonObject = {}) => ({
  apiVersion,
  kind,
  metadata,
  ...more,
});
const tell = (objects: readonly JsonObject[], options: Partial<ChildOptions> = {}) =>
  childrenOf(objects, { ...PLAIN, ...options }).map(({ type, name }) => `${type} ${name}`);

describe("the resource of an object", () => {
  test.each<[JsonObject, string]>([
    [object("v1", "Service", { name: "web" }), "kubernetes:core/v1:Service default/web"],
    [object("core/v1", "Service", { name: "web" }), "kubernetes:core/v1:Service default/web"],
    [object("v1", "Namespace", { name: "shop" }), "kubernetes:core/v1:Namespace shop"],
    [
      object("apps/v1", "Deployment", { name: "web", namespace: "shop" }),
      "kubernetes:apps/v1:Deployment shop/web",
    ],
    [
      object("networking.istio.io/v1", "VirtualService", { name: "web" }),
      "kubernetes:networking.istio.io/v1:VirtualService default/web",
    ],
    [
      object("gateway.networking.k8s.io/v1", "GatewayClass", { name: "istio" }),
      "kubernetes:gateway.networking.k8s.io/v1:GatewayClass istio",
    ],
    [
      object("cert-manager.io/v1", "ClusterIssuer", { name: "letsencrypt" }),
      "kubernetes:cert-manager.io/v1:ClusterIssuer letsencrypt",
    ],
  ])("%j is %s", (one, expected) => {
    expect(tell([one])).toEqual([expected]);
  });

  test("has the prefix and the default namespace of its component", () => {
    const [child] = childrenOf([object("v1", "ConfigMap", { name: "a", labels: { b: "c" } })], {
      ...PLAIN,
      prefix: "all",
      namespace: "team",
    });
    expect(child).toEqual({
      type: "kubernetes:core/v1:ConfigMap",
      name: "all:team/a",
      inputs: object("v1", "ConfigMap", { name: "a", labels: { b: "c" }, namespace: "team" }),
      dependsOn: [],
      retainOnDelete: false,
    });
  });

  test("of a kind that the objects define has a namespace if the definition says so", () => {
    const definition = (kind: string, scope: string) =>
      object(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        { name: `${kind}s.a.test` },
        {
          spec: { group: "a.test", names: { kind }, scope },
        },
      );
    expect(
      tell([
        definition("Tenant", "Cluster"),
        definition("ClusterShare", "Namespaced"),
        object("a.test/v1", "Tenant", { name: "a" }),
        object("a.test/v1", "ClusterShare", { name: "b" }),
      ]).slice(2),
    ).toEqual(["kubernetes:a.test/v1:Tenant a", "kubernetes:a.test/v1:ClusterShare default/b"]);
  });

  test("is not waited for if the component says so", () => {
    const annotated = (annotations: JsonObject) =>
      childrenOf([object("v1", "ConfigMap", { name: "a", namespace: "b", annotations })], {
        ...PLAIN,
        skipAwait: true,
      })[0]?.inputs["metadata"];
    const expected = { "pulumi.com/skipAwait": "true" };
    expect(annotated({})).toEqual({ name: "a", namespace: "b", annotations: expected });
    expect(annotated({ c: "d" })).toEqual({
      name: "a",
      namespace: "b",
      annotations: { c: "d", ...expected },
    });
  });

  test("hides the data of a Secret alone", () => {
    const more = { data: { a: "YQ==" }, stringData: { b: "c" }, type: "Opaque" };
    const inputs = (kind: string) =>
      childrenOf([object("v1", kind, { name: "a", namespace: "b" }, more)], PLAIN)[0]?.inputs;
    expect(inputs("Secret")).toEqual({
      ...object("v1", "Secret", { name: "a", namespace: "b" }),
      data: markSecret(more.data),
      stringData: markSecret(more.stringData),
      type: "Opaque",
    });
    expect(inputs("ConfigMap")).toMatchObject(more);
  });

  test.each<[boolean, string, boolean]>([
    [true, "keep", true],
    [true, "delete", false],
    [false, "keep", false],
  ])("of a chart (%s) with the resource policy %s is kept: %s", (ofChart, policy, kept) => {
    const annotations = { "helm.sh/resource-policy": policy };
    const [child] = childrenOf([object("v1", "ConfigMap", { name: "a", annotations })], {
      ...PLAIN,
      ofChart,
    });
    expect(child?.retainOnDelete).toBe(kept);
  });
});

test("lists are replaced by their items, at any depth", () => {
  const list = (items: readonly JsonObject[]) => ({ apiVersion: "v1", kind: "List", items });
  const map = (name: string) => object("v1", "ConfigMap", { name });
  expect(tell([map("a"), list([map("b"), list([map("c")])]), list([])])).toEqual([
    "kubernetes:core/v1:ConfigMap default/a",
    "kubernetes:core/v1:ConfigMap default/b",
    "kubernetes:core/v1:ConfigMap default/c",
  ]);
});

test("namespaces and definitions come before the objects that need them", () => {
  const children = childrenOf(
    [
      object("a.test/v1", "Thing", { name: "t", namespace: "shop" }),
      object("v1", "ConfigMap", { name: "m", namespace: "elsewhere" }),
      object("v1", "Namespace", { name: "shop" }),
      object(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        { name: "things.a.test" },
        {
          spec: { group: "a.test", names: { kind: "Thing" }, scope: "Namespaced" },
        },
      ),
    ],
    PLAIN,
  );
  expect(children.map(({ name, dependsOn }) => [name, dependsOn.map((one) => one.name)])).toEqual([
    ["shop", []],
    ["things.a.test", []],
    ["shop/t", ["things.a.test", "shop"]],
    ["elsewhere/m", []],
  ]);
});

test.each<[JsonObject, string]>([
  [{ kind: "Service", metadata: { name: "a" } }, '{"kind":"Service","metadata":{"name":"a"}}'],
  [{ apiVersion: "v1", metadata: { name: "a" } }, '{"apiVersion":"v1","metadata":{"name":"a"}}'],
  [object("v1", "Pod", { generateName: "a-" }), '{"apiVersion":"v1","kind":"Pod","metadata":{}}'],
])("%j cannot be created", (one, found) => {
  expect(() => childrenOf([one], PLAIN)).toThrow(
    `each object requires apiVersion, kind and metadata.name; found ${found}`,
  );
});

test("an item of a list must be an object", () => {
  expect(() => childrenOf([{ apiVersion: "v1", kind: "List", items: [{}, null] }], PLAIN)).toThrow(
    'items[1] of "List" is not an object',
  );
});
