import fc from "fast-check";
import { expect, test } from "vitest";
import { observedPhase } from "../../mesh/observedPhase.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshState } from "../../mesh/upgrade.ts";

const phases = fc.constantFrom(undefined, "prepared", "canary", "promoted" as const);
const states: fc.Arbitrary<MeshState> = fc.record({
  settings: phases.map((phase) => ({
    revision: "asm-1-9" as const,
    ...(phase === undefined ? {} : { upgrade: { to: "asm-1-10" as const, phase } }),
  })),
  namespaces: fc.dictionary(fc.string(), fc.record({ canary: fc.boolean() }), { maxKeys: 4 }),
});

test("the phase of a planned mesh shows in what it deploys, unless every namespace follows the canary, or none is there", () => {
  fc.assert(
    fc.property(states, (state) => {
      const plan = planMesh(state);
      const followers = Object.values(state.namespaces);
      const twoRun = plan.revisions.length === 2;
      const expected =
        twoRun && followers.length === 0
          ? undefined
          : plan.phase === "canary" && followers.every(({ canary }) => canary)
            ? "promoted"
            : plan.phase;
      expect(observedPhase(plan)).toBe(expected);
    }),
  );
});

test.each([
  ["no revision", { revisions: [], configMaps: [], labels: {} }, undefined],
  ["an older ConfigMap", { revisions: ["asm-1-30"], configMaps: ["asm-1-29"], labels: {} }, "none"],
  ["a newer one", { revisions: ["asm-1-29"], configMaps: ["asm-1-30"], labels: {} }, "prepared"],
  [
    "a label of a third revision",
    { revisions: ["asm-1-29", "asm-1-30"], configMaps: [], labels: { shop: "asm-1-28" } },
    undefined,
  ],
] as const)("with %s", (_, evidence, phase) => {
  expect(observedPhase(evidence)).toBe(phase);
});
