import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";

/**
 * Whether labels contain every pair of a map, which is how a Service and Istio's resources select. An empty map
 * selects everything; the caller decides whether it should.
 */
export function holds(labels: Cursor, pairs: Cursor): boolean | Unknown {
  const names = pairs.keys();
  if (names instanceof Unknown) return names;
  const answers = (names ?? []).map((name) => same(labels.at(name), pairs.at(name)));
  if (answers.includes(false)) return false;
  return answers.find((answer) => answer instanceof Unknown) ?? true;
}

/** Whether two maps contain the same pairs. */
export function sameMap(a: Cursor, b: Cursor): boolean | Unknown {
  const there = holds(a, b);
  const back = holds(b, a);
  if (there === false || back === false) return false;
  return there instanceof Unknown ? there : back;
}

function same(a: Cursor, b: Cursor): boolean | Unknown {
  const [textA, textB] = [a.text(), b.text()];
  if (textA === undefined || textB === undefined) return false;
  if (textA instanceof Unknown) return textA;
  return textB instanceof Unknown ? textB : textA === textB;
}
