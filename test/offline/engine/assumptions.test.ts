import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Assumptions } from "../../../offline/engine/assumptions.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch();
const file = (yaml: string) => join(write("assume", { "assume.yaml": yaml }), "assume.yaml");

const SUBNET = "azure-native:network:getSubnet";
const assumed = Assumptions.fromFile(
  file(`
invokes:
  azure-native:authorization:getClientConfig:
    - returns: { tenantId: t1 }
  ${SUBNET}:
    - args: { subnetName: nodes, tags: { a: [1, 2] } }
      returns: { id: tagged }
    - args: { subnetName: nodes }
      returns: { id: nodes }
    - args: { subnetName: pods, expand: null }
      returns: { id: pods }
reads:
  azure-native:resources:ResourceGroup:
    /subscriptions/1/resourceGroups/hub: { location: westeurope }
stackReferences:
  acme/network/prod: { subnetId: s1, zones: ["1"] }
`),
);

describe("invokes", () => {
  test.each([
    [{}, undefined],
    [{ subnetName: "nodes" }, { id: "nodes" }],
    [{ subnetName: "nodes", more: 1 }, { id: "nodes" }],
    [{ subnetName: "nodes", tags: { a: [1, 2] } }, { id: "tagged" }],
    [{ subnetName: "nodes", tags: { a: [1, 2], b: 3 } }, { id: "nodes" }],
    [{ subnetName: "pods", expand: null }, { id: "pods" }],
    [{ subnetName: "pods" }, undefined],
    [{ subnetName: "Nodes" }, undefined],
  ])("%j returns %j: the first entry whose args all match", (args, returns) => {
    expect(assumed.invoke(SUBNET, args)).toEqual(returns);
  });

  test("without args, any call matches", () => {
    const token = "azure-native:authorization:getClientConfig";
    expect(assumed.invoke(token, { any: "thing" })).toEqual({ tenantId: "t1" });
    expect(assumed.invoke("azure-native:authorization:getClientToken", {})).toBeUndefined();
  });
});

test("reads are by type and id", () => {
  const type = "azure-native:resources:ResourceGroup";
  expect(assumed.read(type, "/subscriptions/1/resourceGroups/hub")).toEqual({
    location: "westeurope",
  });
  expect(assumed.read(type, "hub")).toBeUndefined();
  expect(assumed.read("other", "/subscriptions/1/resourceGroups/hub")).toBeUndefined();
});

test("stack references are by full name", () => {
  expect(assumed.stackReference("acme/network/prod")).toEqual({ subnetId: "s1", zones: ["1"] });
  expect(assumed.stackReference("network/prod")).toBeUndefined();
});

test.each(["", "invokes: {}\n"])("%j assumes nothing", (yaml) => {
  for (const nothing of [Assumptions.none(), Assumptions.fromFile(file(yaml))]) {
    expect(nothing.invoke(SUBNET, {})).toBeUndefined();
    expect(nothing.read("a", "b")).toBeUndefined();
    expect(nothing.stackReference("a/b/c")).toBeUndefined();
  }
});

const ALLOWED = "an answers file may have invokes, reads, stackReferences and environment";

test.each([
  ["invoke: {}\n", [`has no invoke; ${ALLOWED}`]],
  ["acme/network/prod: {}\n", [`has no acme/network/prod; ${ALLOWED}`]],
  [
    "invokes: { t: { returns: {} } }\n",
    ["invokes.t: must be a list of answers, each with returns and optional args"],
  ],
  [
    "invokes: { t: [{ args: {} }, { return: {} }] }\n",
    [
      "invokes.t.0.returns: must be an object",
      "invokes.t.1.returns: must be an object",
      "invokes.t.1: has no return; an answer may have args and returns",
    ],
  ],
  ["reads: { t: text }\n", ["reads.t: must be an object"]],
  ["reads: { t: { id: text } }\n", ["reads.t.id: must be an object"]],
  ["stackReferences: []\n", ["stackReferences: must be an object"]],
  ["environment: []\n", ["environment: must be an object of settings"]],
])("%j is invalid", async (yaml, problems) => {
  const path = file(yaml);
  expect(await usageErrorOf(() => Assumptions.fromFile(path))).toBe(
    problems.map((problem) => `${path}: ${problem}`).join("\n"),
  );
});

test.each(["constructor", "__proto__", "toString"])("%s is an ordinary name", (name) => {
  const some = Assumptions.fromFile(file("stackReferences: { acme/a/b: {} }\n"));
  expect(some.invoke(name, {})).toBeUndefined();
  expect(some.read(name, name)).toBeUndefined();
  expect(some.stackReference(name)).toBeUndefined();
  const named = Assumptions.fromFile(file(`stackReferences: { ${name}: { a: 1 } }\n`));
  expect(named.stackReference(name)).toEqual({ a: 1 });
});

describe("unused answers", () => {
  const yaml = [
    "environment: { a:b: 1 }",
    "stackReferences: { acme/a/b: {} }",
    "reads: { t: { i: {}, j: {} } }",
    "invokes: { t: [{ args: { x: 1 }, returns: {} }, { returns: {} }] }",
  ].join("\n");

  test("are all answers at first", () => {
    expect(Assumptions.fromFile(file(yaml)).unused()).toEqual([
      "invokes: t (answer 1)",
      "invokes: t (answer 2)",
      "reads: t i",
      "reads: t j",
      "stackReferences: acme/a/b",
      "environment",
    ]);
    expect(Assumptions.none().unused()).toEqual([]);
  });

  test("exclude those that were given", () => {
    const some = Assumptions.fromFile(file(yaml));
    some.invoke("t", { x: 2 });
    some.read("t", "j");
    some.stackReference("acme/a/c");
    expect(some.environment()).toEqual({ "a:b": 1 });
    expect(some.unused()).toEqual([
      "invokes: t (answer 1)",
      "reads: t i",
      "stackReferences: acme/a/b",
    ]);
  });
});

test("a missing file is named", async () => {
  expect(await usageErrorOf(() => Assumptions.fromFile("/no/such.yaml"))).toMatch(
    /^\/no\/such\.yaml cannot be read: ENOENT/,
  );
});
