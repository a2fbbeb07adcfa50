import type { Step } from "./path.ts";

/** A broken rule with its path; `hideValue` if the found value would add nothing. */
export interface Violation {
  readonly steps: readonly Step[];
  readonly rule: string;
  readonly hideValue?: boolean;
}
