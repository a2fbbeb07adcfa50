import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";

/**
 * A value of an AKS enumeration, spelled as in the documentation, because AKS accepts any case. Returns a value that is
 * not in the enumeration unchanged.
 *
 * @see https://github.com/Azure/azure-rest-api-specs/pull/20955
 */
export function enumerated(place: Cursor, values: readonly string[]): Read<string> {
  const text = place.text();
  if (text === undefined || text instanceof Unknown) return text;
  return values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? text;
}
