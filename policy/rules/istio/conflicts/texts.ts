import { Unknown } from "../../../engine/cursor.ts";
import type { Cursor } from "../../../engine/cursor.ts";

/** The texts of a list that are known already. */
export function textsOf(list: Cursor): readonly string[] {
  return itemsOf(list)
    .map((item) => item.text())
    .filter((text) => typeof text === "string");
}

/** The places of a list; none where it is not known yet. */
export function itemsOf(list: Cursor): readonly Cursor[] {
  const items = list.items();
  return items === undefined || items instanceof Unknown ? [] : items;
}
