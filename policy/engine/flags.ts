import { Unknown } from "./cursor.ts";
import type { Cursor, Read } from "./cursor.ts";
import type { Finding } from "./finding.ts";

/**
 * What is found where a switch is not as it should be.
 *
 * @param because what that means, as the second half of a sentence: `so that …`
 */
export function* expectFlag(place: Cursor, wanted: boolean, because: string): Iterable<Finding> {
  const value = place.flag();
  if (value instanceof Unknown) yield value;
  else if (value !== wanted) {
    yield `${place.path} is ${inWords(value)}, ${because}. Set it to ${wanted}.`;
  }
}

/** How messages say that a value is what it is, or is not there. */
export function inWords(value: Exclude<Read<string | boolean>, Unknown>): string {
  return value === undefined ? "not set" : String(value);
}
