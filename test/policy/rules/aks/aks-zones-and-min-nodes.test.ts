import { describe, expect, test } from "vitest";
import { aksZonesAndMinNodes } from "../../../../policy/rules/aks/aks-zones-and-min-nodes.ts";
import {
  CLASSIC,
  NATIVE,
  hardened,
  hardenedClassic,
  nodePool,
  notKnown,
  said,
} from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";

const ZONES = ["1", "2", "3"];
const system = (props: object = {}) => ({
  mode: "System",
  count: 3,
  availabilityZones: ZONES,
  ...props,
});
const pools = (...agentPoolProfiles: unknown[]) => hardened({ agentPoolProfiles });
const texts = async (...stack: Fixture[]) =>
  (await said(aksZonesAndMinNodes, stack)).map(([level, text]) => `${level} ${text}`);
const CLOSE =
  "so all nodes may be in one data center and fail together. Spread the pool across zones.";
const few = (nodes: string, raise: string) =>
  `violation ${NATIVE}: its system pools have ${nodes} in total, but need at least 3 to survive the loss of one while another is upgraded. Raise ${raise}.`;

describe("aks-zones-and-min-nodes", () => {
  test.each<[string, Fixture[]]>([
    ["a cluster", [hardened()]],
    ["the classic provider's", [hardenedClassic()]],
    ["one with a separate pool", [hardened(), nodePool()]],
    [
      "AKS Automatic, which manages them itself",
      [hardened({ sku: { name: "Automatic" }, agentPoolProfiles: [{ count: 1 }] })],
    ],
    [
      "user pools with few nodes",
      [pools(system(), { mode: "User", count: 0, availabilityZones: ["2"] })],
    ],
    [
      "pools of individual VMs, whose nodes are counted elsewhere",
      [pools(system({ count: undefined, virtualMachinesProfile: {} }))],
    ],
  ])("accepts %s", async (_, stack) => {
    expect(await texts(...stack)).toEqual([]);
  });

  describe("zones", () => {
    test.each([
      [undefined, "not set"],
      [[], "empty"],
    ])("reports %j", async (availabilityZones, is) => {
      expect(await texts(pools(system(), system({ availabilityZones })))).toEqual([
        `violation ${NATIVE}: agentPoolProfiles[1].availabilityZones is ${is}, ${CLOSE}`,
      ]);
      expect(await texts(hardened(), nodePool({ availabilityZones }))).toEqual([
        `violation AgentPool "apps": availabilityZones is ${is}, ${CLOSE}`,
      ]);
    });

    test("judges a pool once, even without its cluster", async () => {
      expect(await texts(nodePool({ availabilityZones: [] }))).toHaveLength(1);
      expect(await texts(pools(system({ availabilityZones: [] })))).toHaveLength(1);
    });

    test("reports the classic provider's with its own name", async () => {
      const defaultNodePool = { nodeCount: 3 };
      expect(await texts(hardenedClassic({ defaultNodePool }))).toEqual([
        `violation ${CLASSIC}: defaultNodePool.zones is not set, ${CLOSE}`,
      ]);
      const pool: Fixture = {
        type: "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool",
        name: "apps",
        props: { kubernetesClusterId: UNKNOWN },
      };
      expect(await texts(hardenedClassic(), pool)).toEqual([
        `violation KubernetesClusterNodePool "apps": zones is not set, ${CLOSE}`,
      ]);
    });

    test("are not required in regions that have none", async () => {
      const options = { config: { "aks-zones-and-min-nodes": { zones: false } } };
      const stack = [
        pools(system({ availabilityZones: undefined })),
        nodePool({ availabilityZones: [] }),
      ];
      expect(await said(aksZonesAndMinNodes, stack, options)).toEqual([]);
    });
  });

  describe("system nodes", () => {
    test.each([
      [{ count: 2 }, few("2 nodes", `agentPoolProfiles[0].count of ${NATIVE}`)],
      [{ count: undefined }, few("1 node", `agentPoolProfiles[0].count of ${NATIVE}`)],
      [
        { enableAutoScaling: true, minCount: 2, maxCount: 5 },
        few("2 nodes", `agentPoolProfiles[0].minCount of ${NATIVE}`),
      ],
    ])("reports %j", async (props, expected) => {
      expect(await texts(pools(system(props)))).toEqual([expected]);
    });

    test("counts the minimum number of nodes", async () => {
      expect(
        await texts(pools(system({ enableAutoScaling: true, minCount: 3, count: 1 }))),
      ).toEqual([]);
      expect(await texts(pools(system({ enableAutoScaling: false, minCount: 1 })))).toEqual([]);
    });

    test("counts those of all system pools, also of separate resources", async () => {
      const two = system({ count: 2 });
      const more = (props: object) => nodePool({ mode: "System", count: 1, ...props }, "more");
      expect(await texts(pools(two, system({ count: 1 })))).toEqual([]);
      expect(await texts(pools(two), more({}))).toEqual([]);
      expect(await texts(pools(two), more({ mode: "User" }))).toHaveLength(1);
      expect(await texts(pools(two), more({ mode: undefined }))).toHaveLength(1);
      expect(await texts(pools(two), more({ resourceName: "west" }))).toHaveLength(1);
      expect(await texts(pools(system({ count: 1 })), more({}))).toEqual([
        few("2 nodes", `agentPoolProfiles[0].count of ${NATIVE} or count of AgentPool "more"`),
      ]);
    });

    test.each([
      [1, 1, 0],
      [5, 4, 1],
      [5, 5, 0],
    ])("require the configured minimum: %i", async (minimumSystemNodes, count, found) => {
      const options = { config: { "aks-zones-and-min-nodes": { minimumSystemNodes } } };
      expect(await said(aksZonesAndMinNodes, [pools(system({ count }))], options)).toHaveLength(
        found,
      );
    });

    test("of the classic provider's default pool", async () => {
      expect(
        await texts(hardenedClassic({ defaultNodePool: { nodeCount: 2, zones: ZONES } })),
      ).toEqual([
        few("2 nodes", `defaultNodePool.nodeCount of ${CLASSIC}`).replace(NATIVE, CLASSIC),
      ]);
    });
  });

  test.each<[string, Fixture]>([
    ["agentPoolProfiles", hardened({ agentPoolProfiles: UNKNOWN })],
    ["agentPoolProfiles[0].availabilityZones", pools(system({ availabilityZones: UNKNOWN }))],
    ["agentPoolProfiles[0].count", pools(system({ count: UNKNOWN }))],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await said(aksZonesAndMinNodes, [fixture])).toEqual([notKnown(NATIVE, path)]);
  });

  test("ignores unknown values if the known nodes suffice", async () => {
    expect(await texts(pools(system(), system({ count: UNKNOWN })))).toEqual([]);
  });
});
