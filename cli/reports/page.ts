import { fitting } from "./fitting.ts";

/** A part of a page: a head, items and a tail. The last items are dropped if they do not fit. */
export interface Section {
  readonly head?: string;
  readonly items?: readonly Item[];
  /** The text that replaces dropped items; never longer for fewer of them. */
  readonly more?: (count: number) => string;
  readonly tail?: string;
  /** Between items. @default a blank line */
  readonly separator?: string;
}

export interface Item {
  readonly text: string;
  /** How many it counts for in the section's total. @default 1 */
  readonly count?: number;
}

const BLANK_LINE = "\n\n";

/**
 * Lays out sections in order within a number of characters. Earlier sections get room first, so the most important ones
 * always fit. Each section says how many of its items were dropped.
 */
export function layOutPage(sections: readonly Section[], limit: number): string {
  const whole = sections.map((section) => withItems(section, 0).text);
  let room = limit - whole.reduce((sum, text) => sum + text.length + BLANK_LINE.length, 0);
  const texts = sections.map((section, i) => {
    const least = whole[i] ?? "";
    const { text } = withItems(section, room + least.length);
    room -= text.length - least.length;
    return text;
  });
  const page = texts.filter((text) => text !== "").join(BLANK_LINE);
  // Many heads, such as those of hundreds of stacks, may not fit even without items.
  return fitting(`${page}\n`, limit);
}

/** The section with as many items as fit, in order. Without items it may still exceed the limit. */
function withItems(section: Section, limit: number): { readonly text: string } {
  const { head = "", items = [], more, tail = "", separator = BLANK_LINE } = section;
  const total = items.reduce((sum, { count = 1 }) => sum + count, 0);
  const textOf = (shown: readonly string[], left: number) =>
    [
      ...(head === "" ? [] : [head]),
      ...(shown.length === 0 ? [] : [shown.join(separator)]),
      ...(left === 0 || more === undefined ? [] : [more(left)]),
      ...(tail === "" ? [] : [tail]),
    ].join(BLANK_LINE);

  const all = items.map(({ text }) => text);
  const length =
    textOf([], 0).length + all.reduce((sum, text) => sum + text.length + separator.length, 0);
  if (length + 2 * BLANK_LINE.length <= limit) return { text: textOf(all, 0) };

  let room = limit - textOf([], total).length - BLANK_LINE.length;
  const shown: string[] = [];
  let left = total;
  for (const { text, count = 1 } of items) {
    room -= text.length + separator.length;
    if (room < 0) break;
    shown.push(text);
    left -= count;
  }
  return { text: textOf(shown, left) };
}
