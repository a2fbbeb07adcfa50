import { setTimeout as sleep } from "node:timers/promises";

/** Far longer than any step takes on a slow machine, so only a defect reaches it. */
const PATIENCE_MS = 120_000;

/** Thrown by a condition that can no longer become true. */
export class Hopeless extends Error {}

/**
 * Resolves to the first value that is neither false nor undefined. A condition that throws is tried again, and the
 * error contains what it last threw or returned.
 */
export async function waitFor<T>(
  what: string,
  condition: () => Promise<T | false | undefined> | T | false | undefined,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    let last: string;
    try {
      const value = await condition();
      if (value !== false && value !== undefined) return value;
      last = String(value);
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}; last: ${last}`);
    await sleep(50);
  }
}
