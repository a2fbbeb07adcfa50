import { describe, expect, test } from "vitest";
import { meshRevisionCount } from "../../../../policy/rules/mesh/mesh-revision-count.ts";
import { meshRevisionOrder } from "../../../../policy/rules/mesh/mesh-revision-order.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [meshRevisionCount, meshRevisionOrder];

function running(revisions: unknown, mode: unknown = "Istio"): Fixture {
  return cluster({ serviceMeshProfile: { mode, istio: { revisions } } });
}

async function messages(fixture: Fixture) {
  return (await run(RULES, [fixture])).map(({ level, message }) => [level, message]);
}

const WHERE = 'ManagedCluster "orders": serviceMeshProfile.istio.revisions';

describe("mesh-revision-count", () => {
  test("reports more than two", async () => {
    expect(await messages(running(["asm-1-28", "asm-1-29", "asm-1-30"]))).toEqual([
      [
        "violation",
        `${WHERE} has 3 revisions, but a mesh runs at most two. Keep the one that the workloads run on and, during an upgrade, the one that they move to.`,
      ],
    ]);
    expect(await messages(running(["asm-1-30", "asm-1-30", "asm-1-30"]))).toHaveLength(1);
    expect(await messages(running([UNKNOWN, UNKNOWN, UNKNOWN]))).toHaveLength(1);
  });

  test("reports the same one twice", async () => {
    expect(await messages(running(["asm-1-30", "asm-1-30"]))).toEqual([
      [
        "violation",
        `${WHERE} is asm-1-30, asm-1-30, but a mesh runs each revision once. Remove the duplicate.`,
      ],
    ]);
  });

  test("advises if the newer precedes the older, compared as numbers", async () => {
    expect(await messages(running(["asm-1-10", "asm-1-9"]))).toEqual([
      [
        "violation",
        `${WHERE} is asm-1-10, asm-1-9, with the newer revision first, but readers assume that workloads run on the first. List the older one first.`,
      ],
    ]);
    expect(await messages(running(["asm-1-9", "asm-1-10"]))).toEqual([]);
  });

  test("reports the classic provider's cluster with its own names", async () => {
    const serviceMeshProfile = { mode: "Istio", revisions: ["asm-1-30", "asm-1-30"] };
    const [[, message] = []] = await messages(classicCluster({ serviceMeshProfile }));
    expect(message).toContain('KubernetesCluster "orders": serviceMeshProfile.revisions is');
  });

  test.each<[string, Fixture]>([
    ["one", cluster()],
    ["none, which mesh-revision-pinned reports", running([])],
    ["an unknown one", running([UNKNOWN])],
    ["no revisions, which mesh-revision-known reports", running(["1.30", "1.29"])],
    ["no mesh", running(["asm-1-28", "asm-1-29", "asm-1-30"], "Disabled")],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["serviceMeshProfile.istio.revisions", running(UNKNOWN)],
    ["serviceMeshProfile.istio.revisions[1]", running(["asm-1-30", UNKNOWN])],
  ])("refuses an unknown %s", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "violation",
        `ManagedCluster "orders": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("judges a known list even if the mode is unknown", async () => {
    expect(await messages(running(["asm-1-30", "asm-1-30"], UNKNOWN))).toHaveLength(1);
  });

  describe("remediation", () => {
    async function mended(revisions: unknown, mode: unknown = "Istio") {
      return (await remediate(RULES, [running(revisions, mode)]))?.["serviceMeshProfile"];
    }

    test.each([
      [["asm-1-30", "asm-1-30"], ["asm-1-30"]],
      [
        ["asm-1-10", "asm-1-9"],
        ["asm-1-9", "asm-1-10"],
      ],
      [
        ["asm-1-30", "asm-1-29", "asm-1-30"],
        ["asm-1-29", "asm-1-30"],
      ],
    ])("changes %j to %j, permanently", async (revisions, expected) => {
      expect(await mended(revisions)).toEqual({ mode: "Istio", istio: { revisions: expected } });
      expect(await mended(expected)).toBeUndefined();
      expect(await messages(running(expected))).toEqual([]);
    });

    test.each<[string, unknown, unknown]>([
      ["a valid list", ["asm-1-29", "asm-1-30"], "Istio"],
      [
        "three revisions, of which only the owner knows the right ones",
        ["asm-1-28", "asm-1-29", "asm-1-30"],
        "Istio",
      ],
      ["an unknown list", UNKNOWN, "Istio"],
      ["a partly unknown list", ["asm-1-30", UNKNOWN], "Istio"],
      ["an invalid list", "asm-1-30", "Istio"],
      ["an invalid revision", [null, "asm-1-30", "asm-1-30"], "Istio"],
      ["no mesh", ["asm-1-30", "asm-1-30"], "Disabled"],
      ["possibly no mesh", ["asm-1-30", "asm-1-30"], UNKNOWN],
    ])("changes nothing for %s", async (_, revisions, mode) => {
      expect(await mended(revisions, mode)).toBeUndefined();
    });
  });
});
