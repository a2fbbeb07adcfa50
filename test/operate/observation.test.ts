import { expect, test } from "vitest";
import { exitCodeOf } from "../../operate/observation.ts";
import type { Observation, Outcome } from "../../operate/observation.ts";

const one = (outcome: Outcome): Observation => ({
  check: "proxies",
  outcome,
  subject: "Deployment orders/web",
  message: "It is so.",
});

test.each([
  { outcomes: [], code: 0 },
  { outcomes: ["passed", "warning"], code: 0 },
  { outcomes: ["passed", "unchecked"], code: 2 },
  { outcomes: ["unchecked", "failed"], code: 1 },
] as const)("$outcomes exits with $code", ({ outcomes, code }) => {
  expect(exitCodeOf(outcomes.map(one))).toBe(code);
});
