import { isDeepStrictEqual } from "node:util";
import { isMap, isPair, isSeq } from "yaml";
import type { Node, YAMLMap, YAMLSeq } from "yaml";
import { isJsonObject } from "./json.ts";
import type { Json } from "./json.ts";
import { itemKey } from "./listChanges.ts";
import { keyOf } from "./positions.ts";
import { lineStart } from "./splices.ts";
import type { Splice } from "./splices.ts";
import type { Writing } from "./writing.ts";

/** How the items of a collection in brackets are written: each in a line of its own, or all in one. */
interface Layout {
  /** The spaces before an item. */
  readonly indent: string;
  /** The spaces that an item has more than the closing bracket. */
  readonly step: string;
}

/** What to replace so that a map or a list in brackets has another value. New parts are written as JSON. */
export function flowChanges(
  { text, lineBreak }: Pick<Writing, "text" | "lineBreak">,
  node: unknown,
  before: Json,
  after: Json,
): Splice[] {
  if (isDeepStrictEqual(before, after)) return [];
  const written = (value: Json, layout: Layout | undefined) => {
    if (layout === undefined) return JSON.stringify(value);
    const { indent, step } = layout;
    return JSON.stringify(value, undefined, step).replaceAll("\n", lineBreak + indent);
  };
  const parts = partsOf(node, before, after);
  if (parts === undefined) {
    const [start = 0, end = 0] = (node as Node).range ?? [];
    const layout = isMap(node) || isSeq(node) ? layoutOf(text, node) : undefined;
    const outer = layout && { ...layout, indent: layout.indent.slice(layout.step.length) };
    return [{ start, end, text: written(after, outer) }];
  }
  const { staying, added, collection } = parts;
  const changes = staying.flatMap(({ node: item, before: old, after: value }) =>
    flowChanges({ text, lineBreak }, item, old, value),
  );
  if (added.length === 0) return changes;
  const layout = layoutOf(text, collection);
  const end = endOfItem(collection.items.at(-1));
  const gap = layout === undefined ? " " : lineBreak + layout.indent;
  const items = added.map(([key, value]) => {
    const name = key === undefined ? "" : `${JSON.stringify(key)}: `;
    return `,${gap}${name}${written(value, layout)}`;
  });
  return [...changes, { start: end, end, text: items.join("") }];
}

interface Parts {
  readonly collection: YAMLMap | YAMLSeq;
  readonly staying: readonly { node: unknown; before: Json; after: Json }[];
  /** At the end: values with their keys, or items. */
  readonly added: readonly (readonly [string | undefined, Json])[];
}

/** Undefined if something goes or moves, so that the collection is written anew. */
function partsOf(node: unknown, before: Json, after: Json): Parts | undefined {
  if (isMap(node) && isJsonObject(before) && isJsonObject(after) && node.items.length > 0) {
    const keys = node.items.map(keyOf);
    const isPlain = node.items.every(({ value }) => !isEmpty(value));
    if (!isPlain || !keys.every((key) => Object.hasOwn(after, key))) return undefined;
    return {
      collection: node,
      staying: node.items.map((pair) => {
        const key = keyOf(pair);
        return { node: pair.value, before: before[key] ?? null, after: after[key] ?? null };
      }),
      added: Object.entries(after).filter(([key]) => !keys.includes(key)),
    };
  }
  if (isSeq(node) && Array.isArray(before) && Array.isArray(after) && node.items.length > 0) {
    const [old, now] = [before as readonly Json[], after as readonly Json[]];
    if (!isDeepStrictEqual(now.slice(0, old.length).map(itemKey), old.map(itemKey))) {
      return undefined;
    }
    return {
      collection: node,
      staying: node.items.map((item, i) => ({
        node: item,
        before: old[i] ?? null,
        after: now[i] ?? null,
      })),
      added: now.slice(old.length).map((item) => [undefined, item] as const),
    };
  }
  return undefined;
}

function isEmpty(value: unknown): boolean {
  const { range } = (value ?? {}) as Partial<Node>;
  return range?.[0] === range?.[1];
}

function endOfItem(item: unknown): number {
  return ((isPair(item) ? item.value : item) as Node).range?.[1] ?? 0;
}

/** Undefined if the items share a line with the opening bracket. */
function layoutOf(text: string, collection: YAMLMap | YAMLSeq): Layout | undefined {
  const [first] = collection.items as readonly unknown[];
  const start = ((isPair(first) ? first.key : first) as Node | undefined)?.range?.[0];
  const [open = 0, close = 0] = collection.range ?? [];
  if (start === undefined || lineStart(text, start) <= open) return undefined;
  const indent = text.slice(lineStart(text, start), start);
  const outer = /^[ \t]*/.exec(text.slice(lineStart(text, close - 1), close))?.[0] ?? "";
  return { indent, step: indent.slice(outer.length) || "  " };
}
