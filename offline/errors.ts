/**
 * An error that the user can fix: wrong usage, invalid configuration, or a program or pack that did not run. Commands
 * print only the message, without a stack trace, and exit with code 2.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
