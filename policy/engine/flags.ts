import { Unknown } from "./cursor.ts";
import type { Cursor, Read } from "./cursor.ts";
import type { Finding } from "./finding.ts";

/**
 * Reports a flag that does not have the wanted value.
 *
 * @param because the consequence, as the second half of a sentence: `so …`
 */
export function* expectFlag(place: Cursor, wanted: boolean, because: string): Iterable<Finding> {
  const value = place.flag();
  if (value instanceof Unknown) yield value;
  else if (value !== wanted) {
    yield `${place.path} is ${inWords(value)}, ${because}. Set it to ${wanted}.`;
  }
}

/** A value in the words of messages; an absent value is "not set". */
function inWords(value: Exclude<Read<string | boolean>, Unknown>): string {
  return value === undefined ? "not set" : String(value);
}
