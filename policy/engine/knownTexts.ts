import { Unknown } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";

/** A list of texts, all of them known; absent where it is anything else. */
export function knownTexts(place: Cursor): readonly string[] | undefined {
  const items = place.items();
  if (items === undefined || items instanceof Unknown) return undefined;
  const read = items.map((item) => item.text()).filter((text) => typeof text === "string");
  return read.length === items.length ? read : undefined;
}
