import { compareText } from "../../offline/plan/planOrder.ts";
import { isObject, isSecret, isUnknown, redactValue } from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";
import { isMasked } from "./maskedSecret.ts";
import type { PropertyPath } from "./propertyPath.ts";

/** A property that two plans do not share. Secrets read `[secret]`. */
export interface ValueChange {
  readonly path: PropertyPath;
  /** Absent if the property is added. */
  readonly before?: Value;
  /** Absent if the property is removed. */
  readonly after?: Value;
}

export interface ValueChanges {
  readonly changes: readonly ValueChange[];
  /** The secrets that could not be compared, because a file of a plan does not contain them. */
  readonly uncompared: readonly PropertyPath[];
}

/**
 * How the properties of a resource differ. Values that only a deployment can know count as equal. Lists of items with
 * different names are compared by name; what other lists have in common at their start and end is not a change.
 */
export function compareProperties(before: Properties, after: Properties): ValueChanges {
  const found = { changes: [] as ValueChange[], uncompared: [] as PropertyPath[] };
  compareMaps(before, after, [], found);
  return found;
}

interface Found {
  readonly changes: ValueChange[];
  readonly uncompared: PropertyPath[];
}

function compare(
  before: Value | undefined,
  after: Value | undefined,
  path: PropertyPath,
  found: Found,
): void {
  if (before === undefined || after === undefined) {
    if (before !== after) found.changes.push(changeOf(path, before, after));
  } else if (isSecret(before) || isSecret(after)) {
    compareSecrets(before, after, path, found);
  } else if (isList(before) && isList(after)) {
    compareLists(before, after, path, found);
  } else if (isObject(before) && isObject(after)) {
    compareMaps(before, after, path, found);
  } else if (before !== after && !(isUnknown(before) && isUnknown(after))) {
    found.changes.push(changeOf(path, before, after));
  }
}

function changeOf(
  path: PropertyPath,
  before: Value | undefined,
  after: Value | undefined,
): ValueChange {
  return {
    path,
    ...(before === undefined ? {} : { before: redactValue(before) }),
    ...(after === undefined ? {} : { after: redactValue(after) }),
  };
}

const HIDDEN = "[secret]";

/** A value that is secret on one side may be the same on the other, so neither is shown. */
function compareSecrets(before: Value, after: Value, path: PropertyPath, found: Found): void {
  if (isSecret(before) && isSecret(after)) {
    if (isMasked(before) || isMasked(after)) {
      found.uncompared.push(path);
      return;
    }
    if (areEqual(before["value"], after["value"])) return;
  }
  found.changes.push({ path, before: HIDDEN, after: HIDDEN });
}

function compareMaps(
  before: Properties,
  after: Properties,
  path: PropertyPath,
  found: Found,
): void {
  const own = (map: Properties, key: string) => (Object.hasOwn(map, key) ? map[key] : undefined);
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(
    compareText,
  )) {
    compare(own(before, key), own(after, key), [...path, key], found);
  }
}

function compareLists(
  before: readonly Value[],
  after: readonly Value[],
  path: PropertyPath,
  found: Found,
): void {
  const [named, wanted] = [byName(before), byName(after)];
  if (named !== undefined && wanted !== undefined && haveSameOrder(named, wanted)) {
    for (const name of [...new Set([...named.keys(), ...wanted.keys()])].sort(compareText)) {
      compare(named.get(name), wanted.get(name), [...path, { name }], found);
    }
    return;
  }
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && areEqual(before[start], after[start])) start++;
  let end = 0;
  while (end < shorter - start && areEqual(before.at(-1 - end), after.at(-1 - end))) end++;
  for (let i = start; i < Math.max(before.length, after.length) - end; i++) {
    const was = i < before.length - end ? before[i] : undefined;
    const is = i < after.length - end ? after[i] : undefined;
    compare(was, is, [...path, i], found);
  }
}

/** The items of a list by name; undefined unless all have a name, and all names are different. */
function byName(items: readonly Value[]): ReadonlyMap<string, Value> | undefined {
  const named = new Map<string, Value>();
  for (const item of items) {
    if (!isObject(item) || isSecret(item)) return undefined;
    const { name } = item;
    if (typeof name !== "string" || isUnknown(name)) return undefined;
    named.set(name, item);
  }
  return named.size === items.length && named.size > 0 ? named : undefined;
}

/** The order of a list is part of its value. */
function haveSameOrder(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): boolean {
  const rest = [...after.keys()].filter((name) => before.has(name));
  return [...before.keys()].filter((name) => after.has(name)).every((name, i) => name === rest[i]);
}

/** Whether values are known not to differ. */
function areEqual(before: Value | undefined, after: Value | undefined): boolean {
  const found = { changes: [], uncompared: [] };
  compare(before, after, [], found);
  return found.changes.length + found.uncompared.length === 0;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
