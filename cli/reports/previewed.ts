import type { Plan } from "../../offline/plan/plan.ts";
import type { Comparison } from "./comparison.ts";
import type { Places } from "./places.ts";
import type { Judgement } from "./summary.ts";

/** The preview of a stack, as reports read it. */
export interface Previewed {
  readonly plan: Plan;
  readonly judgement: Judgement;
  readonly places: Places;
  /** Path of Pulumi.yaml within its repository. */
  readonly projectFile: string;
  readonly comparison: Comparison | undefined;
}
