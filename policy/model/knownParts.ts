import { Unknown } from "../engine/cursor.ts";
import type { Cursor } from "../engine/cursor.ts";

/** The known strings of a list. */
export function textsOf(list: Cursor): readonly string[] {
  return itemsOf(list)
    .map((item) => item.text())
    .filter((text) => typeof text === "string");
}

/** The places of a list's items; none if the list is unknown. */
export function itemsOf(list: Cursor): readonly Cursor[] {
  const items = list.items();
  return items === undefined || items instanceof Unknown ? [] : items;
}
