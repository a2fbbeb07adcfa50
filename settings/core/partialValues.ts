import type { z } from "zod";
import { isMap, valueAt } from "./path.ts";
import type { Step } from "./path.ts";

/** The settings as they were written, whatever that is. */
export type Values = Readonly<Record<string, unknown>>;

/** The names under a key that holds things by name. */
export function names(values: Values, key: string): readonly string[] {
  const things = values[key];
  return isMap(things) ? Object.keys(things) : [];
}

/** A value that is sound in itself; undefined where it is not, which is then reported for itself. */
export function read<T>(
  schema: z.ZodType<T>,
  values: Values,
  steps: readonly Step[],
): T | undefined {
  return schema.safeParse(valueAt(values, steps)).data;
}
