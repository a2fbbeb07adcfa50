import { Unknown } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import type { Finding } from "./finding.ts";

/** A value that is none of those that the custom resource definition lists, in their very letters. */
export function* notListed(place: Cursor, values: readonly string[]): Iterable<Finding> {
  const text = place.text();
  if (text === undefined || text instanceof Unknown || values.includes(text)) return;
  const meant = values.find((value) => value === text.toUpperCase());
  yield `${place.path} is ${JSON.stringify(text)}, which the API server refuses. Set it to ${meant ?? values.join(", ")}.`;
}
