import { isObject } from "../offline/plan/values.ts";
import type { Properties, Value } from "../offline/plan/values.ts";

/** A difference in one property between two sets of inputs. */
export interface Change {
  /** Such as `agentPoolProfiles[0].count`; keys that are not identifiers are in brackets and quotes. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** The differences, each at the deepest path. */
export function changesBetween(before: Properties, after: Properties): readonly Change[] {
  return ofObjects(before, after, "");
}

function ofObjects(before: Properties, after: Properties, at: string): readonly Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => ofValues(before[key], after[key], pathTo(at, key)));
}

function ofValues(
  before: Value | undefined,
  after: Value | undefined,
  path: string,
): readonly Change[] {
  if (before === undefined || before === null) {
    return after === undefined || after === null ? [] : [{ path, kind: "add" }];
  }
  if (after === undefined || after === null) return [{ path, kind: "delete" }];
  if (isObject(before) && isObject(after)) return ofObjects(before, after, path);
  if (isList(before) && isList(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }).flatMap((_, i) =>
      ofValues(before[i], after[i], `${path}[${i}]`),
    );
  }
  return before === after ? [] : [{ path, kind: "update" }];
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function pathTo(at: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${at}[${JSON.stringify(key)}]`;
  return at === "" ? key : `${at}.${key}`;
}
