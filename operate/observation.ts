/**
 * The outcome of a check. `unchecked`: what the check needs could not be read, so it is neither passed nor failed.
 */
export type Outcome = "passed" | "warning" | "failed" | "unchecked";

/** What a check says about one subject. */
export interface Observation {
  /** The name of the check, in kebab case. It is stable: reports and `--skip` use it. */
  readonly check: string;
  readonly outcome: Outcome;
  /** What was checked, as users call it: `Deployment orders/web`, `revision asm-1-30`. */
  readonly subject: string;
  /** A sentence with the values that decide. */
  readonly message: string;
  /** A sentence with what to do; present unless the check passed. */
  readonly fix?: string;
  /** Commands that do it, one a line of a shell. */
  readonly commands?: readonly string[];
}

const FAILED = 1;
const UNCHECKED = 2;

/** The exit code of a command: 0 if nothing failed, 1 if something did, 2 if nothing did but something is unchecked. */
export function exitCodeOf(observations: readonly Observation[]): number {
  const has = (outcome: Outcome) => observations.some((one) => one.outcome === outcome);
  if (has("failed")) return FAILED;
  return has("unchecked") ? UNCHECKED : 0;
}
