import { describe, expect, test } from "vitest";
import { meshRevisionSupported } from "../../../../policy/rules/mesh/mesh-revision-supported.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

function running(revisions: unknown, mode: unknown = "Istio"): Fixture {
  return cluster({ serviceMeshProfile: { mode, istio: { revisions } } });
}

/** The same cluster after it is created. */
function there(fixture: Fixture): Fixture {
  return { ...fixture, outputs: { ...fixture.props, currentKubernetesVersion: "1.34.2" } };
}

async function messages(fixture: Fixture, today: string, graceDays?: number) {
  const config = {
    "mesh-scope": { today },
    ...(graceDays !== undefined && { "mesh-revision-supported": { graceDays } }),
  };
  return (await run(meshRevisionSupported, [fixture], { config })).map(({ level, message }) => [
    level,
    message,
  ]);
}

async function levels(fixture: Fixture, today: string, graceDays?: number) {
  return (await messages(fixture, today, graceDays)).map(([level]) => level);
}

describe("mesh-revision-supported", () => {
  const ended = running(["asm-1-27"]);

  test("refuses an unsupported revision on a new cluster, from the first day on", async () => {
    expect(await messages(ended, "2026-05-31")).toEqual([]);
    expect(await messages(ended, "2026-06-01")).toEqual([
      [
        "violation",
        'ManagedCluster "orders": serviceMeshProfile.istio.revisions has asm-1-27, whose support ended after 2026-05. AKS does not install it on a new cluster. Set a supported revision.',
      ],
    ]);
  });

  test("accepts a revision that already runs", async () => {
    expect(await messages(there(ended), "2026-06-01")).toEqual([]);
  });

  test("treats a cluster with unknown outputs as new", async () => {
    const outputs = { ...ended.props, currentKubernetesVersion: UNKNOWN };
    expect(await levels({ ...ended, outputs }, "2026-06-01")).toEqual(["violation"]);
  });

  test("grants the configured number of grace days", async () => {
    expect(await levels(ended, "2026-06-30", 30)).toEqual([]);
    expect(await levels(ended, "2026-07-01", 30)).toEqual(["violation"]);
    expect(await levels(ended, "2026-06-01", 1)).toEqual([]);
    expect(await levels(ended, "2026-06-02", 1)).toEqual(["violation"]);
  });

  test("grants a year at most, and no days by default", () => {
    expect(meshRevisionSupported.config["graceDays"]).toMatchObject({
      type: "integer",
      minimum: 0,
      maximum: 365,
      default: 0,
    });
  });

  test("refuses nothing whose end is only expected", async () => {
    expect(await messages(running(["asm-1-29"]), "2030-10-01")).toEqual([]);
  });

  test("allows an upgrade away from such a revision", async () => {
    expect(await messages(running(["asm-1-27", "asm-1-29"]), "2026-09-01")).toEqual([]);
    expect(await messages(running(["asm-1-29", "asm-1-27"]), "2026-09-01")).toEqual([]);
    expect(await levels(running(["asm-1-26", "asm-1-27"]), "2026-09-01")).toEqual(["violation"]);
  });

  test("judges the classic provider's cluster", async () => {
    const serviceMeshProfile = { mode: "Istio", revisions: ["asm-1-26"] };
    const [[, message] = []] = await messages(classicCluster({ serviceMeshProfile }), "2026-11-24");
    expect(message).toContain("serviceMeshProfile.revisions has asm-1-26, whose support ended");
  });

  test.each<[string, Fixture]>([
    ["a revision that the catalog does not know", running(["asm-1-99"])],
    ["an invalid revision", running(["1.27", null])],
    ["none", running([])],
    ["revisions that AKS manages", cluster({ serviceMeshProfile: { mode: "Istio" } })],
    ["no mesh", running(["asm-1-27"], "Disabled")],
    ["a cluster that the program only reads", { ...ended, read: true }],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture, "2030-01-01")).toEqual([]);
  });

  test("has no objection to a revision before its release, which is never today", async () => {
    expect(await messages(running(["asm-1-30"]), "2026-06-30")).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["serviceMeshProfile.istio.revisions", running(UNKNOWN)],
    ["serviceMeshProfile.istio.revisions[1]", running(["asm-1-27", UNKNOWN])],
    ["serviceMeshProfile.mode", running(["asm-1-27"], UNKNOWN)],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture, "2026-11-24")).toEqual([
      [
        "unjudged",
        `ManagedCluster "orders": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("reports nothing before the whole stack is known", async () => {
    const reports = await run(meshRevisionSupported, [running(["asm-1-26"])]);
    expect(reports.map(({ when }) => when)).toEqual(["late"]);
  });
});
