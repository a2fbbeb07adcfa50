import { isMap, isPair, isSeq } from "yaml";
import type { Node, Pair, YAMLSeq } from "yaml";
import { lineEnd } from "./splices.ts";

/** A token of the parser, as far as its place is read. */
interface Token {
  readonly type: string;
  readonly offset: number;
}

/** Where a value ends, without the comments after it. After a block scalar, its last line break. */
export function endOf(node: unknown): number {
  if (isPair(node)) {
    const { range } = (node.value ?? {}) as Partial<Node>;
    const isEmpty = range?.[0] === range?.[1];
    return isEmpty ? endOfKey(node) : endOf(node.value);
  }
  const last = (isMap(node) || isSeq(node)) && node.flow !== true ? node.items.at(-1) : undefined;
  return last === undefined ? ((node as Node).range?.[1] ?? 0) : endOf(last);
}

/** The end of the colon after a key. */
export function endOfKey(pair: Pair): number {
  const { sep = [] } = (pair.srcToken ?? {}) as { readonly sep?: readonly Token[] };
  const colon = sep.find(({ type }) => type === "map-value-ind");
  return colon === undefined ? ((pair.key as Node).range?.[1] ?? 0) : colon.offset + 1;
}

/** Where the dashes of the items of a block list are. */
export function startsOfItems(list: YAMLSeq): readonly number[] {
  const { items = [] } = (list.srcToken ?? {}) as {
    readonly items?: readonly { readonly start: readonly Token[] }[];
  };
  return items.flatMap(
    ({ start }) => start.find(({ type }) => type === "seq-item-ind")?.offset ?? [],
  );
}

/** The start of the line below the end of a value. */
export function followingLine(text: string, end: number): number {
  return text[end - 1] === "\n" ? end : lineEnd(text, end);
}
