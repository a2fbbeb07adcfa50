/**
 * A problem in mesh settings: `path` is relative to the checked value (`defaultConfig.concurrency`; empty for the value
 * itself), and `message` states the rule and the fix. An `error` would fail or break workloads. A `warning` may be
 * intended; only the user can tell.
 */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly path: string;
  readonly message: string;
}
