import { describe, expect, test } from "vitest";
import { meshRevisionGap } from "../../../../policy/rules/mesh/mesh-revision-gap.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

function running(revisions: unknown, mode: unknown = "Istio"): Fixture {
  return cluster({ serviceMeshProfile: { mode, istio: { revisions } } });
}

async function messages(fixture: Fixture, today = "2026-11-24") {
  const reports = await run(meshRevisionGap, [fixture], { config: { "mesh-scope": { today } } });
  return reports.map(({ level, message }) => [level, message]);
}

async function levels(from: string, to: string, today: string) {
  return (await messages(running([from, to]), today)).map(([level]) => level);
}

describe("mesh-revision-gap", () => {
  test("reports a step of three, on a day on which each step in between is supported", async () => {
    expect(await messages(running(["asm-1-24", "asm-1-27"]), "2025-09-15")).toEqual([
      [
        "violation",
        'ManagedCluster "orders": serviceMeshProfile.istio.revisions is asm-1-24 and asm-1-27, but AKS upgrades at most two minor revisions at once. asm-1-27 cannot follow asm-1-24 as of 2025-09-15: upgrade to asm-1-25 or asm-1-26 instead.',
      ],
    ]);
  });

  test.each([
    ["asm-1-29", "asm-1-30"],
    ["asm-1-28", "asm-1-30"],
    ["asm-1-98", "asm-1-99"],
    ["asm-1-98", "asm-1-100"],
  ])("allows %s with %s, on any day and in any order", async (from, to) => {
    for (const today of ["2025-01-01", "2026-11-24", "2030-01-01"]) {
      expect(await levels(from, to, today)).toEqual([]);
      expect(await levels(to, from, today)).toEqual([]);
    }
  });

  test("allows a long step over revisions whose support has certainly ended", async () => {
    // From asm-1-23 to asm-1-26: support of asm-1-24 ended in September 2025, that of asm-1-25 in January 2026.
    expect(await levels("asm-1-23", "asm-1-26", "2026-02-01")).toEqual([]);
    expect(await levels("asm-1-23", "asm-1-26", "2026-01-31")).toEqual(["violation"]);
  });

  test("advises if that depends on expected dates", async () => {
    expect(await levels("asm-1-26", "asm-1-30", "2026-11-24")).toEqual(["unjudged"]);
  });

  test("compares the older with the newer in either order", async () => {
    expect(await levels("asm-1-27", "asm-1-24", "2025-09-15")).toEqual(["violation"]);
  });

  test("advises about a newer major version, which the catalog does not know", async () => {
    expect(await levels("asm-1-30", "asm-2-0", "2026-11-24")).toEqual(["unjudged"]);
  });

  test("judges the classic provider's cluster", async () => {
    const serviceMeshProfile = { mode: "Istio", revisions: ["asm-1-22", "asm-1-25"] };
    const [[, message] = []] = await messages(classicCluster({ serviceMeshProfile }));
    expect(message).toContain("serviceMeshProfile.revisions is asm-1-22 and asm-1-25");
  });

  test.each<[string, Fixture]>([
    ["one revision", cluster()],
    ["three, which mesh-revision-count reports", running(["asm-1-22", "asm-1-25", UNKNOWN])],
    ["none", running([])],
    ["invalid revisions", running(["1.22", "asm-1-25"])],
    ["duplicates", running(["asm-1-22", "asm-1-22"])],
    ["no mesh", running(["asm-1-22", "asm-1-25"], "Disabled")],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["serviceMeshProfile.istio.revisions", running(UNKNOWN)],
    ["serviceMeshProfile.istio.revisions[0]", running([UNKNOWN, "asm-1-30"])],
  ])("refuses an unknown %s", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "violation",
        `ManagedCluster "orders": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
