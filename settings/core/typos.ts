import { suggestedKey } from "./scalars.ts";
import { isEmptyMap, isMap, valueAt } from "./path.ts";
import type { Step } from "./path.ts";
import type { Values } from "./partialValues.ts";

/** A mistyped key and the key that it means. */
interface Typo {
  /** The path of its map. */
  readonly at: readonly Step[];
  readonly written: string;
  readonly meant: string;
}

/** The settings with mistyped keys renamed to the keys that they mean, and the original names. */
export interface Corrected {
  readonly values: Values;
  /** The message about each mistyped key, with its path as written. */
  readonly rules: readonly { readonly steps: readonly Step[]; readonly rule: string }[];
  readonly asWritten: (steps: readonly Step[]) => readonly Step[];
}

/** An unknown key, with the rule about it. */
export interface UnknownKey {
  readonly at: readonly Step[];
  readonly key: string;
  readonly rule: string;
}

/**
 * Corrects every mistyped key. Its value is then checked, too, and the key is not reported as missing. A mistyped key
 * stays if the key that it means is also present and not empty.
 */
export function corrected(
  given: Values,
  unknownKeys: (values: Values) => readonly UnknownKey[],
): Corrected {
  const typos: Typo[] = [];
  const rules: { steps: readonly Step[]; rule: string }[] = [];
  const asWritten = (steps: readonly Step[]) =>
    steps.map((step, depth) => {
      const typo = typos.find(
        ({ at, meant }) =>
          at.length === depth && step === meant && at.every((each, index) => each === steps[index]),
      );
      return typo?.written ?? step;
    });
  let values = given;
  for (;;) {
    const before = typos.length;
    for (const { at, key, rule } of unknownKeys(values)) {
      const meant = suggestedKey(rule);
      if (meant === undefined) continue;
      const present = valueAt(values, [...at, meant]);
      if (present !== undefined && !isEmptyMap(present)) continue;
      rules.push({ steps: asWritten([...at, key]), rule });
      typos.push({ at, written: key, meant });
      values = renamed(values, at, key, meant) as Values;
    }
    if (typos.length === before) return { values, rules, asWritten };
  }
}

function renamed(value: unknown, at: readonly Step[], from: string, to: string): unknown {
  const [step, ...rest] = at;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item, index) => (index === step ? renamed(item, rest, from, to) : item));
  }
  if (!isMap(value)) return value;
  if (step !== undefined) {
    return mapEntries(value, ([key, inner]) => [
      [key, key === step ? renamed(inner, rest, from, to) : inner],
    ]);
  }
  return mapEntries(value, ([key, inner]) =>
    key === to ? [] : [[key === from ? to : key, inner]],
  );
}

function mapEntries(
  map: Readonly<Record<string, unknown>>,
  change: (entry: [string, unknown]) => readonly (readonly [string, unknown])[],
): unknown {
  return Object.fromEntries(Object.entries(map).flatMap((entry) => change(entry)));
}
