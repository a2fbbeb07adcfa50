import { describe, expect, test } from "vitest";
import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshState, UpgradePhase } from "../../mesh/upgrade.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { backStep, nextStep } from "../../mesh/upgradeStep.ts";

const DAY = "2026-08-21";
const namespaces = { web: { canary: true }, api: { canary: false } };
const cluster = { kubernetesVersion: "1.35", plan: "KubernetesOfficial" } as const;

function state(revision: MeshRevision, phase?: UpgradePhase): MeshState {
  const upgrade = phase && { to: "asm-1-30" as const, phase };
  return { settings: { revision, ...(upgrade && { upgrade }) }, namespaces };
}

const started = (revision: MeshRevision, to: MeshRevision) => ({
  does: `set upgrade to { to: ${to}, phase: prepared }`,
  leadsTo: { settings: { revision, upgrade: { to, phase: "prepared" } }, namespaces },
  first: [],
});

describe("the first step", () => {
  test("goes to the only revision that can follow", () => {
    expect(nextStep(state("asm-1-29"), undefined, { day: DAY, cluster })).toEqual(
      started("asm-1-29", "asm-1-30"),
    );
  });

  test("goes to the revision that the user names", () => {
    expect(nextStep(state("asm-1-28"), "asm-1-29", { day: DAY, cluster })).toEqual(
      started("asm-1-28", "asm-1-29"),
    );
  });

  test.each<[string, MeshRevision, string, string]>([
    [
      "two can follow",
      "asm-1-28",
      DAY,
      "More than one revision can perhaps follow asm-1-28: asm-1-29, asm-1-30. Name one with --to.",
    ],
    [
      "the only one is not certain",
      "asm-1-29",
      "2027-01-01",
      "More than one revision can perhaps follow asm-1-29: asm-1-30. Name one with --to.",
    ],
    [
      "none can follow",
      "asm-1-30",
      DAY,
      "The catalog of 2026-08-21 has no revision that can follow asm-1-30. Ask Azure with az aks mesh get-upgrades, and name it with --to.",
    ],
  ])("needs a target if %s", (_, revision, day, problem) => {
    expect(nextStep(state(revision), undefined, { day, cluster })).toEqual({ problem });
  });

  test("leaves out what the cluster's Kubernetes version does not run", () => {
    const old = { ...cluster, kubernetesVersion: "1.31" };
    expect(nextStep(state("asm-1-28"), undefined, { day: DAY, cluster: old })).toEqual(
      started("asm-1-28", "asm-1-29"),
    );
  });
});

describe("in an upgrade", () => {
  test.each<UpgradePhase>(["prepared", "canary", "promoted"])(
    "%s has the steps of its plan",
    (phase) => {
      const { next, back } = planMesh(state("asm-1-29", phase));
      expect(nextStep(state("asm-1-29", phase), undefined, { day: DAY })).toEqual(next);
      expect(nextStep(state("asm-1-29", phase), "asm-1-30", { day: DAY })).toEqual(next);
      expect(backStep(state("asm-1-29", phase))).toEqual(back);
    },
  );

  test("prepared can have another target", () => {
    expect(nextStep(state("asm-1-28", "prepared"), "asm-1-29", { day: DAY })).toEqual({
      ...started("asm-1-28", "asm-1-29"),
      does: "set upgrade.to to asm-1-29, which then has the ConfigMap of asm-1-30",
    });
  });

  test.each<UpgradePhase>(["canary", "promoted"])("%s cannot", (phase) => {
    expect(nextStep(state("asm-1-28", phase), "asm-1-29", { day: DAY })).toEqual({
      problem:
        "An upgrade to asm-1-30 is in progress, and it has left the phase prepared, so its target cannot change. Go back to prepared with --back, or complete it first.",
    });
  });
});

test("there is no step back from no upgrade", () => {
  expect(backStep(state("asm-1-29"))).toEqual({
    problem:
      "No upgrade is in progress, so there is no step back. AKS does not downgrade a mesh once an upgrade is complete.",
  });
});
