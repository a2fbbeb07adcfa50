import type { Problem } from "../output/problems.ts";

/** A preview that has no plan, because something of it could not be read or did not run. */
export interface Failure {
  /** The name of the project, or of its directory where that cannot be read. */
  readonly project: string;
  readonly stack: string;
  readonly problems: readonly Problem[];
}
