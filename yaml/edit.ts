import { isScalar } from "yaml";
import { EditError, endOf, lineStart, placeOf, rangeOf, shown, splice, startOf } from "./place.ts";
import type { Found, KeyPath } from "./place.ts";
import { lineEnd } from "./splices.ts";

/**
 * Sets the scalar at a path, and keeps its quotes and everything else.
 *
 * @param value needs no quotes in a YAML block
 * @throws EditError
 */
export function withScalar(text: string, path: KeyPath, value: string): string {
  const { value: node, container } = placeOf(text, path);
  const [start, end] = rangeOf(node, path);
  if (!isScalar(node)) throw new EditError(`${shown(path)} is not a plain value`);
  const [quote = quoteIn(container, value)] = /^["']/.exec(text.slice(start, end)) ?? [];
  return splice(text, start, end, `${quote}${value}${quote}`);
}

/** Replaces every occurrence of a text in the scalar at a path, however it is written. @throws EditError */
export function withReplaced(text: string, path: KeyPath, from: string, to: string): string {
  const { value: node } = placeOf(text, path);
  const [start, end] = rangeOf(node, path);
  if (!isScalar(node)) throw new EditError(`${shown(path)} is not a plain value`);
  return splice(text, start, end, text.slice(start, end).replaceAll(from, to));
}

/** Renames the key at a path, and keeps its quotes, its value and everything else. @throws EditError */
export function withKey(text: string, path: KeyPath, key: string): string {
  const { pair } = placeOf(text, path);
  if (pair === undefined) throw new EditError(`${shown(path)} is not a key`);
  const [start, end] = rangeOf(pair.key, path);
  const [quote = ""] = /^["']/.exec(text.slice(start, end)) ?? [];
  return splice(text, start, end, `${quote}${key}${quote}`);
}

/**
 * Removes the entry at a path, a key with its value or an item of a list, and the comments in its lines. A map or a list
 * that becomes empty stays, as `{}` or `[]`.
 *
 * @throws EditError
 */
export function withoutEntry(text: string, path: KeyPath): string {
  const found = placeOf(text, path);
  const { container, parent } = found;
  const items: readonly unknown[] = container.items;
  if (container.flow === true) return withoutFlowEntry(text, found);
  const end = lineEnd(text, endOf(found));
  const start = lineStartOfEntry(text, found);
  const shorter = splice(text, start, end, "");
  if (items.length > 1) return shorter;
  const empty = found.pair === undefined ? " []" : " {}";
  if (parent === undefined) return splice(shorter, start, start, `${empty.trim()}\n`);
  const colon =
    parent.pair === undefined ? -1 : text.indexOf(":", rangeOf(parent.pair.key, path)[1]);
  if (colon === -1) throw new EditError(`${shown(path)} is the only entry of an item`);
  return splice(shorter, colon + 1, colon + 1, empty);
}

/** The first key of an item stands in the line of its dash. */
function lineStartOfEntry(text: string, found: Found): number {
  const { container, parent } = found;
  const inDashLine =
    found.pair !== undefined && container.items[0] === found.pair && parent?.pair === undefined;
  if (!inDashLine || parent === undefined) return lineStart(text, found);
  throw new EditError(`${shown(found.path)} stands in the line of its list item`);
}

/**
 * Inserts a key with a scalar after another key of the same map.
 *
 * @param path of the new key; `after` is the name of its sibling
 * @param value needs no quotes in a YAML block
 * @throws EditError
 */
export function withScalarAfter(text: string, path: KeyPath, after: string, value: string): string {
  const sibling = placeOf(text, [...path.slice(0, -1), after]);
  const inKey = text[startOf(sibling)] === '"' ? '"' : "";
  const quote = inKey === "" ? quoteIn(sibling.container, value) : inKey;
  const name = `${inKey}${String(path.at(-1))}${inKey}`;
  return inserted(text, sibling, [[0, `${name}: ${quote}${value}${quote}`]]);
}

/**
 * Inserts a key whose value is a map of scalars after another key of the same map.
 *
 * @param path of the new key; `after` is the name of its sibling
 * @throws EditError
 */
export function withMapAfter(
  text: string,
  path: KeyPath,
  after: string,
  entries: Readonly<Record<string, string>>,
): string {
  const sibling = placeOf(text, [...path.slice(0, -1), after]);
  const name = String(path.at(-1));
  const pairs = Object.entries(entries).map(([key, value]) => `${key}: ${value}`);
  if (sibling.container.flow === true) {
    return inserted(text, sibling, [[0, `${name}: { ${pairs.join(", ")} }`]]);
  }
  return inserted(text, sibling, [[0, `${name}:`], ...pairs.map((one) => [1, one] as const)]);
}

/** Inserts lines, each with its depth, after an entry of a block; or the only one of them into a flow map. */
function inserted(
  text: string,
  sibling: Found,
  lines: readonly (readonly [depth: number, line: string])[],
): string {
  const end = endOf(sibling);
  if (sibling.container.flow === true) {
    return splice(text, end, end, `, ${lines.map(([, line]) => line).join("")}`);
  }
  const at = startOf(sibling);
  const column = at - (text.lastIndexOf("\n", at - 1) + 1);
  const outer = sibling.parent === undefined ? column : startOf(sibling.parent);
  const step = column - (outer - (text.lastIndexOf("\n", outer - 1) + 1));
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const written = lines.map(([depth, line]) => " ".repeat(column + depth * step) + line);
  const next = lineEnd(text, end);
  const isLast = text[next - 1] !== "\n";
  return splice(
    text,
    next,
    next,
    isLast ? eol + written.join(eol) : written.map((one) => one + eol).join(""),
  );
}

/** The quotes that a value needs inside of brackets, where brackets and commas would end it. */
function quoteIn({ flow }: Found["container"], value: string): string {
  return flow === true && /[{}[\],]/.test(value) ? '"' : "";
}

function withoutFlowEntry(text: string, found: Found): string {
  const { container, path } = found;
  const items: readonly unknown[] = container.items;
  const index = items.findIndex((one) => one === (found.pair ?? found.value));
  const entry = (item: unknown): Found =>
    found.pair === undefined
      ? { ...found, value: item }
      : { ...found, pair: item as Found["pair"], value: (item as Found["pair"])?.value };
  const [before, next] = [items[index - 1], items[index + 1]];
  const end = endOf(found);
  if (before !== undefined) return splice(text, endOf(entry(before)), end, "");
  if (next !== undefined) return splice(text, startOf(found), startOf(entry(next)), "");
  const [open, close] = rangeOf(container, path);
  return splice(text, open, close, found.pair === undefined ? "[]" : "{}");
}
