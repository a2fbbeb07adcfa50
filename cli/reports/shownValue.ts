import { isUnknown } from "../../offline/plan/values.ts";
import type { Value } from "../../offline/plan/values.ts";

/** A property as JSON, in which what only a deployment can know reads `[unknown]`. */
export function shownValue(value: Value): string {
  return isUnknown(value)
    ? "[unknown]"
    : JSON.stringify(value, (_, part: Value) => (isUnknown(part) ? "[unknown]" : part));
}
