/**
 * Something wrong with what was asked of the mesh: where, as a path from the value that was judged
 * (`defaultConfig.concurrency`; empty for the value itself), and what, with the rule and the way out. An `error` would
 * fail or break workloads; a `warning` may be right, and the reader has to know more than the project does.
 */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly path: string;
  readonly message: string;
}
