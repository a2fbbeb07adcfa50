import { Unknown } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import type { Finding } from "./finding.ts";

/** Reports a value that the custom resource definition does not list in exactly this spelling. */
export function* notListed(place: Cursor, values: readonly string[]): Iterable<Finding> {
  const text = place.text();
  if (text === undefined || text instanceof Unknown || values.includes(text)) return;
  const meant = values.find((value) => value === text.toUpperCase());
  yield `${place.path} is ${JSON.stringify(text)}, which the API server rejects. Set it to ${meant ?? values.join(", ")}.`;
}
