import { describe, expect, test } from "vitest";
import { aksPoolVersionBehind } from "../../../../policy/rules/aks/aks-pool-version-behind.ts";
import { aksPoolVersionSkew } from "../../../../policy/rules/aks/aks-pool-version-skew.ts";
import {
  NATIVE,
  hardened,
  hardenedClassic,
  nodePool,
  notKnown,
  said,
} from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [aksPoolVersionSkew, aksPoolVersionBehind];

const inline = (orchestratorVersion: unknown, kubernetesVersion: unknown = "1.34") =>
  hardened({ kubernetesVersion, agentPoolProfiles: [{ name: "system", orchestratorVersion }] });
const own = (orchestratorVersion: unknown, props: object = {}) =>
  nodePool({ orchestratorVersion, ...props });
const levels = async (...stack: Fixture[]) => (await said(RULES, stack)).map(([level]) => level);

describe("aks-pool-version-skew", () => {
  test.each([
    ["1.34", "1.34"],
    ["1.34.2", "1.34"],
    [undefined, "1.34"],
    ["1.34", undefined],
    ["latest", "1.34"],
    ["1.35", "latest"],
  ])("accepts a pool of %s in a cluster of %s", async (version, control) => {
    expect(await levels(inline(version, control))).toEqual([]);
    expect(await levels(hardened({ kubernetesVersion: control }), own(version))).toEqual([]);
  });

  test.each([
    ["1.30", "violation"],
    ["1.31", "violation"],
    ["1.33.9", "violation"],
    ["1.35", "violation"],
    ["1.35.0", "violation"],
  ])("a pool of %s in a cluster of 1.34 is a %s", async (version, level) => {
    expect(await levels(inline(version))).toEqual([level]);
    expect(await levels(hardened(), own(version))).toEqual([level]);
  });

  test("suggests a fix", async () => {
    const is = (version: string, place = `${NATIVE}: agentPoolProfiles[0].`) =>
      `${place}orchestratorVersion is ${version}, but the control plane runs 1.34`;
    expect(await said(RULES, [inline("1.35")])).toEqual([
      [
        "violation",
        `${is("1.35")}. A node pool cannot be newer than the control plane. Raise the cluster's kubernetesVersion first.`,
      ],
    ]);
    expect(await said(RULES, [inline("1.30")])).toEqual([
      [
        "violation",
        `${is("1.30")}. A node pool can be at most 3 minor versions older. Upgrade the pool first.`,
      ],
    ]);
    expect(await said(RULES, [hardened(), own("1.33")])).toEqual([
      [
        "violation",
        `${is("1.33", 'AgentPool "apps": ')}. Upgrade the pool once the control plane is upgraded.`,
      ],
    ]);
  });

  test("judges a pool by its own cluster", async () => {
    const west = hardened({ kubernetesVersion: "1.33" }, "west");
    const orders = hardened();
    const stack = [orders, west];
    expect(await levels(...stack, own("1.34", { resourceName: "orders" }))).toEqual([]);
    expect(await levels(...stack, own("1.34", { resourceName: "west" }))).toEqual(["violation"]);
    expect(await levels(...stack, own("1.34", { resourceName: "south" }))).toEqual([]);
    // It may be the compatible one.
    expect(await levels(...stack, own("1.34"))).toEqual([]);
    expect(await levels(...stack, own("1.35"))).toEqual(["violation"]);
    const joins = (cluster: Fixture) => ({ ...own("1.34"), from: { resourceName: [cluster] } });
    expect(await levels(...stack, joins(west))).toEqual(["violation"]);
    expect(await levels(hardened(), west, { ...own("1.34"), from: {} })).toEqual([]);
    // The name comes from both clusters.
    const either = (version: string) => ({
      ...own(version),
      from: { resourceName: [orders, west] },
    });
    expect(await levels(...stack, either("1.34"))).toEqual([]);
    expect(await levels(...stack, either("1.35"))).toEqual(["violation"]);
    const newer = hardened({ kubernetesVersion: "1.35" }, "newer");
    expect(await levels(...stack, newer, either("1.35"))).toEqual(["violation"]);
    expect(await levels(own("1.35"))).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["names none", undefined],
    ["has an invalid name for it", {}],
    ["names it in other letters", "Orders"],
  ])("assigns a pool to the cluster if it %s", async (_, resourceName) => {
    expect(await levels(hardened(), own("1.35", { resourceName }))).toEqual(["violation"]);
    expect(await levels(hardened(), own("1.34", { resourceName }))).toEqual([]);
  });

  test("judges the classic provider's pools", async () => {
    const pool = (kubernetesClusterId: unknown): Fixture => ({
      type: "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool",
      name: "apps",
      props: { kubernetesClusterId, orchestratorVersion: "1.35" },
    });
    const of = (name: string) =>
      `/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/${name}`;
    expect(await levels(hardenedClassic(), pool(of("orders")))).toEqual(["violation"]);
    expect(await levels(hardenedClassic(), pool(of("west")))).toEqual([]);
    expect(await levels(hardenedClassic(), pool(UNKNOWN))).toEqual(["violation"]);
    const defaultNodePool = { orchestratorVersion: "1.35" };
    expect(await levels(hardenedClassic({ defaultNodePool }))).toEqual(["violation"]);
  });

  test("advises if the pool's version is unknown", async () => {
    expect(await said(RULES, [inline(UNKNOWN)])).toEqual([
      notKnown(NATIVE, "agentPoolProfiles[0].orchestratorVersion"),
    ]);
    // The version chosen for the cluster is compatible with its pools.
    expect(await levels(inline("1.34", UNKNOWN))).toEqual([]);
    expect(await levels(hardened({ agentPoolProfiles: UNKNOWN }))).toEqual([]);
  });
});
