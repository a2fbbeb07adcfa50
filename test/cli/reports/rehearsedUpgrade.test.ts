import { describe, expect, test } from "vitest";
import type { RehearsedPhase, UpgradeScenario } from "../../../cli/rehearsal/upgradeScenario.ts";
import {
  rehearsedUpgradeJson,
  rehearsedUpgradeText,
} from "../../../cli/reports/rehearsedUpgrade.ts";
import { upgradeCourse } from "../../../mesh/upgrade.ts";
import type { EngineStep } from "../../../rehearsal/engineEvents.ts";

const scenario: UpgradeScenario = {
  stack: "prod",
  from: "asm-1-29",
  to: "asm-1-30",
  hasMeshConfig: true,
  course: upgradeCourse("asm-1-29", "asm-1-30", {}),
  withSettings: (text) => text,
};

const step = (
  operation: string,
  type: string,
  name: string,
  ...properties: readonly string[]
): EngineStep => ({
  operation,
  type,
  name,
  urn: `urn:pulumi:prod::aks-istio::${type}::${name}`,
  inputs: { confidential: "of the program" },
  properties,
});

const phase = (name: string, steps: readonly EngineStep[] = []): RehearsedPhase => ({
  name,
  settings: { revision: "asm-1-29" },
  steps,
  differences: { unexpected: [], missing: [] },
});

const MADE = step("create", "kubernetes:core/v1:ConfigMap", "mesh-asm-1-30");
const CHANGED = step(
  "update",
  "azure-native:containerservice:ManagedCluster",
  "mesh",
  "serviceMeshProfile.istio.revisions[1]",
  "tags.team",
);
const FIRST = phase(
  "before",
  Array.from({ length: 11 }, (_, i) => step("create", "x:y:Z", `z${i}`)),
);
const FINE = [
  FIRST,
  phase("prepared", [MADE]),
  phase("canary", [CHANGED]),
  phase("promoted"),
  phase("after"),
];
const SURPRISING: RehearsedPhase = {
  ...phase("canary", [CHANGED]),
  differences: { unexpected: [CHANGED], missing: ["update Namespace web"] },
};
const FAILED: RehearsedPhase = { ...phase("prepared", [MADE]), failure: "error: no\nway" };

describe("a rehearsed upgrade reads as text", () => {
  test("if each phase is as expected", () => {
    expect(rehearsedUpgradeText(scenario, FINE)).toBe(`Upgrade of prod from asm-1-29 to asm-1-30

phase     operation  resource                 properties
before    create     11 resources
prepared  create     ConfigMap mesh-asm-1-30
canary    update     ManagedCluster mesh      serviceMeshProfile.istio.revisions[1], tags.team
promoted  none
after     none

Each phase changed what docs/upgrading.md says, and nothing else.
`);
  });

  test("if a phase changes something else", () => {
    const phases = [...FINE.slice(0, 2), SURPRISING, ...FINE.slice(3)];
    expect(rehearsedUpgradeText(scenario, phases).split("\n").slice(-4, -1)).toEqual([
      "canary: unexpected: update ManagedCluster mesh (serviceMeshProfile.istio.revisions[1], tags.team)",
      "canary: missing: update Namespace web",
      "Not as docs/upgrading.md says: canary.",
    ]);
  });

  test("if a phase fails", () => {
    expect(rehearsedUpgradeText(scenario, [FIRST, FAILED]).split("\n").slice(2)).toEqual([
      "phase     operation  resource                 properties",
      "before    create     11 resources",
      "prepared  create     ConfigMap mesh-asm-1-30",
      "          failed",
      "",
      "prepared failed:",
      "error: no",
      "way",
      "",
      "Not as docs/upgrading.md says: prepared.",
      "",
    ]);
  });
});

test("ten resources have a line each", () => {
  const steps = FIRST.steps.slice(0, 10);
  expect(rehearsedUpgradeText(scenario, [phase("before", steps)])).toContain("Z z9");
});

test("a rehearsed upgrade is JSON, without the values of the program", () => {
  const { operation, type, name, urn, properties } = CHANGED;
  const change = { operation, type, name, urn, properties };
  const json = rehearsedUpgradeJson(scenario, [FIRST, SURPRISING, FAILED]);
  expect(json).toMatchObject({ stack: "prod", from: "asm-1-29", to: "asm-1-30", passed: false });
  expect(json.phases.slice(1)).toMatchObject([
    { name: "canary", passed: false, unexpected: [change], missing: ["update Namespace web"] },
    { name: "prepared", passed: false, unexpected: [], missing: [], failure: "error: no\nway" },
  ]);
  expect(json.phases[1]?.changes).toEqual([change]);
  expect(rehearsedUpgradeJson(scenario, FINE).passed).toBe(true);
  expect(rehearsedUpgradeJson(scenario, FINE.slice(0, 4)).passed).toBe(false);
  expect(JSON.stringify(json)).not.toContain("confidential");
});
