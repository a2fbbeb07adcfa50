import { Unknown } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";

/** A list of strings; undefined if the value is not a list, or if one of its items is not a known string. */
export function knownTexts(place: Cursor): readonly string[] | undefined {
  const items = place.items();
  if (items === undefined || items instanceof Unknown) return undefined;
  const read = items.map((item) => item.text()).filter((text) => typeof text === "string");
  return read.length === items.length ? read : undefined;
}
