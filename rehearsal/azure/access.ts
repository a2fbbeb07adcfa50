import { isObject } from "../../offline/plan/values.ts";
import type { Value } from "../../offline/plan/values.ts";

/** The value at a path; undefined if there is none. */
export function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    value,
  );
}

/** The text at a path; empty if there is none. */
export function textAt(value: Value | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

export function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [];
}

/** The strings in the list at a path. */
export function textsAt(value: Value, ...path: readonly string[]): readonly string[] {
  return listOf(at(value, ...path)).filter((item) => typeof item === "string");
}
