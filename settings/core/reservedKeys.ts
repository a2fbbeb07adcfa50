import type { Step } from "./path.ts";
import type { Violation } from "./violation.ts";

/** The keys that JavaScript drops or misinterprets when it builds an object from them. */
export function reservedKeys(values: unknown, steps: readonly Step[] = []): readonly Violation[] {
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([key, value]) => {
    const inner = [...steps, Array.isArray(values) ? Number(key) : key];
    return key === "__proto__"
      ? [{ steps: inner, rule: RULE, hideValue: true }]
      : reservedKeys(value, inner);
  });
}

const RULE = "is not allowed as a key, because JavaScript reserves the name; choose another";
