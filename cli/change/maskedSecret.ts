import { SIGNATURE, isObject, isSecret, markSecret } from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";

const MASKED = { [SIGNATURE]: (markSecret(null) as Properties)[SIGNATURE] ?? null };

/** Replaces each `[secret]` in a written plan by a secret that nobody knows. */
export function readMasked(value: Value): Value {
  if (value === "[secret]") return MASKED;
  if (Array.isArray(value)) return (value as readonly Value[]).map(readMasked);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, readMasked(part)]))
    : value;
}

/** Whether a value is a secret that was not written into its plan. */
export function isMasked(value: Value): boolean {
  return isSecret(value) && !("value" in value);
}
