import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Assumptions } from "../../local/assumptions.ts";
import { scratch, usageErrorOf } from "../support/programs.ts";

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
  ])("%j gives %j: the first whose args are all met", (args, returns) => {
    expect(assumed.invoke(SUBNET, args)).toEqual(returns);
  });

  test("without args any call is met", () => {
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

test.each([
  ["invoke: {}\n", ['Unrecognized key: "invoke"']],
  [
    "invokes: { t: { returns: {} } }\n",
    ["invokes.t: Invalid input: expected array, received object"],
  ],
  [
    "invokes: { t: [{ args: {} }, { return: {} }] }\n",
    [
      "invokes.t.0.returns: Invalid input: expected record, received undefined",
      "invokes.t.1.returns: Invalid input: expected record, received undefined",
      'invokes.t.1: Unrecognized key: "return"',
    ],
  ],
  ["reads: { t: text }\n", ["reads.t: Invalid input: expected record, received string"]],
  ["stackReferences: []\n", ["stackReferences: Invalid input: expected record, received array"]],
])("%j is refused", async (yaml, problems) => {
  const path = file(yaml);
  expect(await usageErrorOf(() => Assumptions.fromFile(path))).toBe(
    problems.map((problem) => `${path}: ${problem}`).join("\n"),
  );
});

test("a file that is not there is named", async () => {
  expect(await usageErrorOf(() => Assumptions.fromFile("/no/such.yaml"))).toMatch(
    /^\/no\/such\.yaml cannot be read: ENOENT/,
  );
});
