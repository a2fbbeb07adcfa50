/**
 * A mistake that its reader can mend: wrong usage, wrong configuration, or a program or pack that
 * did not run. Commands print the message alone, without a stack trace, and exit with code 2.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
