import { suggestedKey } from "./scalars.ts";
import { isEmptyMap, isMap, valueAt } from "./path.ts";
import type { Step } from "./path.ts";
import type { Values } from "./partialValues.ts";

/** An unknown key, in place of the one that it means. */
interface Typo {
  /** The map that it is in. */
  readonly at: readonly Step[];
  readonly written: string;
  readonly meant: string;
}

/** Settings in which a mistyped key stands under the name that it means, with a way back to how it was written. */
export interface Corrected {
  readonly values: Values;
  /** The rule that each mistyped key breaks, with its path as it is written. */
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
 * The settings with every mistyped key corrected, so that what is under it is judged too, and nothing else is judged
 * as if the key were missing. A key is left alone if the one that it means
 * is there as well, and not empty.
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
