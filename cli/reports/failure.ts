import type { Problem } from "../output/problems.ts";

/** A preview without a plan, because its input could not be read or the program failed. */
export interface Failure {
  /** The name of the project, or of its directory if the project cannot be read. */
  readonly project: string;
  readonly stack: string;
  readonly problems: readonly Problem[];
}
