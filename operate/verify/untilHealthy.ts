import { setTimeout as sleep } from "node:timers/promises";
import type { Observation } from "../observation.ts";

export interface Patience {
  /** How long to wait; 0 for one look. */
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Whether what a look found may change by itself, so that it is worth another look. */
  readonly mayHeal: (observation: Observation) => boolean;
  /** Called before each wait, with what is waited for. */
  readonly onWait: (waitingFor: readonly Observation[], leftMs: number) => void;
  readonly signal?: AbortSignal;
}

/** Looks again until nothing that may heal is found, or the time is up. Returns the last look. */
export async function untilHealthy(
  look: () => Promise<readonly Observation[]>,
  { timeoutMs, intervalMs, mayHeal, onWait, signal }: Patience,
): Promise<readonly Observation[]> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const observations = await look();
    const waitingFor = observations.filter(mayHeal);
    const left = end - performance.now();
    if (waitingFor.length === 0 || left <= 0) return observations;
    onWait(waitingFor, left);
    await sleep(Math.min(intervalMs, left), undefined, signal === undefined ? {} : { signal });
  }
}
