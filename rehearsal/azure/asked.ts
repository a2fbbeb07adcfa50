import type { Properties } from "../../offline/plan/values.ts";
import type { Cloud, Existing } from "./cloud.ts";

/** What Azure is asked to make, or to make of what is there. */
export interface Asked {
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  /** Undefined where it is new. */
  readonly before: Existing | undefined;
  readonly cloud: Cloud;
  /** `YYYY-MM-DD` */
  readonly day: string;
}
