import type { Properties } from "../../offline/plan/values.ts";
import type { Cloud, Existing } from "./cloud.ts";

/** What Azure is asked to create, or to change an existing resource to. */
export interface Asked {
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  /** Undefined if it is new. */
  readonly before: Existing | undefined;
  readonly cloud: Cloud;
  /** `YYYY-MM-DD` */
  readonly day: string;
}
