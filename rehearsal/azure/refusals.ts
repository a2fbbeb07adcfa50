import type { Asked } from "./asked.ts";
import type { Refused } from "./refused.ts";
import { meshRefusal } from "./refusals/mesh.ts";
import { missingParent } from "./refusals/missingParent.ts";
import { overlappingRanges } from "./refusals/network.ts";
import { assignedAlready } from "./refusals/roles.ts";

const RULES: readonly ((asked: Asked) => Refused | undefined)[] = [
  missingParent,
  assignedAlready,
  overlappingRanges,
  meshRefusal,
];

/** Why Azure rejects a request; undefined if it accepts it. */
export function refusalOf(asked: Asked): Refused | undefined {
  for (const rule of RULES) {
    const refusal = rule(asked);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
