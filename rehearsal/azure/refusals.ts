import type { Properties } from "../../offline/plan/values.ts";
import type { Cloud, Existing } from "./cloud.ts";
import type { Refused } from "./refused.ts";
import { meshRefusal } from "./refusals/mesh.ts";
import { missingParent } from "./refusals/missingParent.ts";
import { overlappingRanges } from "./refusals/network.ts";
import { assignedAlready } from "./refusals/roles.ts";

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

const RULES: readonly ((asked: Asked) => Refused | undefined)[] = [
  missingParent,
  assignedAlready,
  overlappingRanges,
  meshRefusal,
];

/** Why Azure does not do it; undefined where it does. */
export function refusalOf(asked: Asked): Refused | undefined {
  for (const rule of RULES) {
    const refusal = rule(asked);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
