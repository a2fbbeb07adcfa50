import { expect, test } from "vitest";
import type { Observation, Outcome } from "../../../operate/observation.ts";
import { untilHealthy } from "../../../operate/verify/untilHealthy.ts";

const one = (outcome: Outcome): Observation => ({
  check: "control-plane",
  outcome,
  subject: "istiod",
  message: "It is so.",
});

function watch(...looks: readonly Outcome[]) {
  const waits: number[] = [];
  let looked = 0;
  const look = () => Promise.resolve([one(looks[looked++] ?? "failed")]);
  const patience = (timeoutMs: number) => ({
    timeoutMs,
    intervalMs: 1,
    mayHeal: ({ outcome }: Observation) => outcome === "failed",
    onWait: (waitingFor: readonly Observation[]) => waits.push(waitingFor.length),
  });
  return { look, patience, waits, looked: () => looked };
}

test("one look without patience", async () => {
  const { look, patience, waits, looked } = watch("failed", "passed");
  expect(await untilHealthy(look, patience(0))).toEqual([one("failed")]);
  expect([looked(), waits]).toEqual([1, []]);
});

test("looks again until nothing failed", async () => {
  const { look, patience, waits, looked } = watch("failed", "failed", "passed", "failed");
  expect(await untilHealthy(look, patience(600_000))).toEqual([one("passed")]);
  expect([looked(), waits]).toEqual([3, [1, 1]]);
});

test("does not wait for what no time heals", async () => {
  const { look, patience, looked } = watch("unchecked", "passed");
  expect(await untilHealthy(look, patience(600_000))).toEqual([one("unchecked")]);
  expect(looked()).toBe(1);
});

test("gives up when the time is up, after a last look", async () => {
  const { look, patience, looked } = watch();
  expect(await untilHealthy(look, patience(20))).toEqual([one("failed")]);
  expect(looked()).toBeGreaterThan(1);
});

test("a signal ends the wait", async () => {
  const { look, patience } = watch();
  const signal = AbortSignal.abort(new Error("interrupted"));
  await expect(untilHealthy(look, { ...patience(600_000), signal })).rejects.toThrow();
});
