import type { Properties } from "../../offline/plan/values.ts";
import type { Cloud, Existing } from "./cloud.ts";

/** A request to create a resource, or to update an existing one. */
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
