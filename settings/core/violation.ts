import type { Step } from "./path.ts";

/** A broken rule: where, and what to say; `hideValue` where the value found there would say nothing. */
export interface Violation {
  readonly steps: readonly Step[];
  readonly rule: string;
  readonly hideValue?: boolean;
}
