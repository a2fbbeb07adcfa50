import { setTimeout as sleep } from "node:timers/promises";

/** Far longer than anything here takes on a slow machine, so that only a fault runs into it. */
const PATIENCE_MS = 120_000;

/** Thrown by a condition that can never come true any more. */
export class Hopeless extends Error {}

/**
 * Resolves to the first value that is neither false nor undefined. A condition that throws is asked again, and the
 * error says what it threw, or returned, last.
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
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}; last: ${last}`);
    await sleep(50);
  }
}
