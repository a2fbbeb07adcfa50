import { describe, expect, test } from "vitest";
import { StackFilePositions } from "../../../cli/stack/stackFilePositions.ts";

const TEXT = `encryptionsalt: v1
config:
  azure-native:location: westeurope
  shop:cluster:
    kubernetesVersion: "1.35"
    zones: ["1", "2"]
    pools: &pools
      apps: { minCount: 2 }
  shop:other: *pools
  shop:config:old:
    list:
      - a
      - b: 1
  shop:gateways:
    hosts:
      "shop.example.com": {}
  shop:a.b: 1
  bare: 1
`;
const positions = new StackFilePositions(TEXT, "shop");
const at = (place: { line: number; column: number } | undefined) =>
  place && `${place.line}:${place.column}`;

describe("a sentence names a setting", () => {
  test.each([
    ["shop:cluster.kubernetesVersion: found 1.3; must be …", "5:5"],
    ["  shop:cluster.zones[1]: must be a zone", "6:18"],
    ["shop:cluster.zones[7]: must be a zone", "6:5"],
    ["shop:cluster.pools.apps.minCount: found 2", "8:15"],
    ["shop:other.apps.minCount: found 2", "8:15"],
    ['shop:gateways.hosts["shop.example.com"].namespace: missing', "16:7"],
    ["shop:old.list[1].b: found 1", "13:9"],
    ["shop:config:old: found 1", "10:3"],
    ["shop:a.b: found 1", "17:3"],
    // The closest existing key.
    ["shop:cluster.nodeCont: no such setting", "4:3"],
    ["shop:access.administrators: missing", "2:1"],
    ["azure-native:subscriptionId: missing", "2:1"],
    ["bare: is odd", "18:3"],
    ["shop:bare: must be a number", "18:3"],
    ["The setting shop:cluster. It is odd.", "4:3"],
    // The first one counts.
    ["shop:a.b: must not be shop:cluster", "17:3"],
  ])("%s", (sentence, place) => {
    expect(at(positions.mentionedIn(sentence))).toBe(place);
  });

  test.each([
    "The program ended.",
    "https://example.com:80/a",
    "kubernetes:core/v1:Secret a",
    "a type and a name, such as azure-native:containerservice:ManagedCluster::legacy",
    "",
  ])("or none: %j", (sentence) => {
    expect(positions.mentionedIn(sentence)).toBeUndefined();
  });
});

test("a setting is found by its path, and has no position without its key", () => {
  expect(at(positions.at("shop:gateways", ["hosts", "shop.example.com"]))).toBe("16:7");
  expect(at(positions.at("shop:gateways", ["ingress", "External"]))).toBe("14:3");
  expect(positions.at("shop:access", [])).toBeUndefined();
});

test.each(["", "config:", "- a", "config: [a]", "a: [", "config: { shop:a: *gone }", "\u0000"])(
  "an empty file has no settings: %j",
  (text) => {
    expect(new StackFilePositions(text, "shop").at("shop:b", ["c"])).toBeUndefined();
  },
);

test("an unreadable file has no positions", () => {
  expect(StackFilePositions.of("/nowhere/Pulumi.dev.yaml", "shop")).toBeUndefined();
});
