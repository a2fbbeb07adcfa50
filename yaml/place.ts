import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Pair, YAMLMap, YAMLSeq } from "yaml";

/**
 * A text cannot be edited in place, because the value is written in another way than as plain maps and lists. The
 * message completes "cannot be edited: …".
 */
export class EditError extends Error {}

/** The keys and indices on the way to a value. */
export type KeyPath = readonly (string | number)[];

/** An entry of a map or of a list, in its text. */
export interface Found {
  /** The pair of a map; undefined for an item of a list. */
  readonly pair: Pair | undefined;
  /** The value of the pair, or the item. */
  readonly value: unknown;
  readonly container: YAMLMap | YAMLSeq;
  /** The entry whose value is the container; undefined at the top. */
  readonly parent: Found | undefined;
  readonly path: KeyPath;
}

/** @throws EditError if the path leads to nothing that is written in the text */
export function placeOf(text: string, path: KeyPath): Found {
  let value: unknown = parseDocument(text, { logLevel: "error" }).contents;
  let found: Found | undefined;
  for (const [index, step] of path.entries()) {
    found = entryOf(value, path.slice(0, index + 1), step, found);
    value = found.value;
  }
  if (found === undefined) throw new EditError("there is no key");
  return found;
}

function entryOf(container: unknown, path: KeyPath, step: KeyPath[number], parent?: Found): Found {
  const missing = () => new EditError(`${shown(path)} is not in the file itself`);
  const around = shown(path.slice(0, -1)) || "the file";
  if (typeof step === "number") {
    if (!isSeq(container)) throw new EditError(`${around} is not written as a list`);
    if (step >= container.items.length) throw missing();
    return { pair: undefined, value: container.items[step], container, parent, path };
  }
  if (!isMap(container)) throw new EditError(`${around} is not written as a map`);
  // Of a repeated key, the last value counts.
  const pair = container.items.findLast(({ key }) => isScalar(key) && String(key.value) === step);
  if (pair === undefined) throw missing();
  return { pair, value: pair.value, container, parent, path };
}

/** A path as messages show it: `spec.hosts[0]`. */
export function shown(path: KeyPath): string {
  return path.reduce<string>(
    (before, step) =>
      typeof step === "number"
        ? `${before}[${step}]`
        : `${before}${before === "" ? "" : "."}${step}`,
    "",
  );
}

/** Where an entry begins: at its key, or at the item. */
export function startOf({ pair, value, path }: Found): number {
  return rangeOf(pair === undefined ? value : pair.key, path)[0];
}

/** Where an entry ends, without the comments after it. */
export function endOf({ pair, value, path }: Pick<Found, "pair" | "value" | "path">): number {
  if (isMap(value) && value.flow !== true) {
    const last = value.items.at(-1);
    if (last !== undefined) return endOf({ pair: last, value: last.value, path });
  }
  if (isSeq(value) && value.flow !== true) {
    const last = value.items.at(-1);
    if (last !== undefined) return endOf({ pair: undefined, value: last, path });
  }
  return rangeOf(value ?? pair?.key, path)[1];
}

export function rangeOf(node: unknown, path: KeyPath): readonly [start: number, end: number] {
  const range = (node as { readonly range?: readonly [number, number, number] | null } | null)
    ?.range;
  if (range === undefined || range === null) {
    throw new EditError(`${shown(path)} is not written as a plain value`);
  }
  return [range[0], range[1]];
}

/** The start of the line in which an entry of a block begins. */
export function lineStart(text: string, entry: Found): number {
  const at = startOf(entry);
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const before = entry.pair === undefined ? /^\s*-\s+$/ : /^\s*$/;
  if (before.test(text.slice(start, at))) return start;
  throw new EditError(`${shown(entry.path)} does not begin its line`);
}

export function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}
