import { expect, test } from "vitest";
import { staleUpgrade } from "../../mesh/staleUpgrade.ts";
import type { UpgradePhase } from "../../mesh/upgrade.ts";

const to = (phase: UpgradePhase, target: "asm-1-28" | "asm-1-27" = "asm-1-28") => ({
  revision: "asm-1-26" as const,
  upgrade: { to: target, phase },
});

test.each([
  ["2026-08-31", undefined],
  [
    "2026-09-01",
    "Support of asm-1-28 was expected to end in 2026-08, before the upgrade is complete; ask Azure: az aks mesh get-revisions.",
  ],
])("on %s, an upgrade to asm-1-28 is stale: %s", (day, why) => {
  expect(staleUpgrade(to("prepared"), day)?.why).toBe(why);
});

test("is not stale without an upgrade, or with an unknown target", () => {
  expect(staleUpgrade({ revision: "asm-1-17" }, "2026-09-01")).toBeUndefined();
  const unknown = { revision: "asm-1-30", upgrade: { to: "asm-1-31", phase: "canary" } } as const;
  expect(staleUpgrade(unknown, "2030-01-01")).toBeUndefined();
});

test("in the phase prepared, another target takes its place", () => {
  expect(staleUpgrade(to("prepared", "asm-1-27"), "2026-08-21")).toEqual({
    why: "Support of asm-1-27 ended in 2026-05, before the upgrade is complete.",
    ways: [
      "Nothing runs asm-1-27 yet. Set another target with --next --to: asm-1-28.",
      "Or give the upgrade up with --back.",
    ],
  });
});

test.each<UpgradePhase>(["canary", "promoted"])(
  "in the phase %s, both directions are open",
  (phase) => {
    expect(staleUpgrade(to(phase, "asm-1-27"), "2026-08-21")?.ways).toEqual([
      "Complete the upgrade with --next, and upgrade from asm-1-27 at once: asm-1-28 or asm-1-29.",
      "Or go back with --back until the phase is prepared, and set another target with --next --to: asm-1-28.",
    ]);
  },
);

test("says if the catalog has no other target", () => {
  const newest = { revision: "asm-1-29", upgrade: { to: "asm-1-30", phase: "prepared" } } as const;
  expect(staleUpgrade(newest, "2027-01-01")?.ways[0]).toBe(
    "Nothing runs asm-1-30 yet. Set another target with --next --to: the catalog of 2026-08-21 has none, so ask Azure with az aks mesh get-upgrades.",
  );
});
