import type { z } from "zod";
import { isMap, valueAt } from "./path.ts";
import type { Step } from "./path.ts";

/** The settings as written, which may be invalid. */
export type Values = Readonly<Record<string, unknown>>;

/** The names under a key that maps names to values. */
export function names(values: Values, key: string): readonly string[] {
  const things = values[key];
  return isMap(things) ? Object.keys(things) : [];
}

/** The value at a path; undefined if it is invalid, which the schema reports. */
export function read<T>(
  schema: z.ZodType<T>,
  values: Values,
  steps: readonly Step[],
): T | undefined {
  return schema.safeParse(valueAt(values, steps)).data;
}
