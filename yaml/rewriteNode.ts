import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq } from "yaml";
import type { Node, Pair, YAMLMap, YAMLSeq } from "yaml";
import { EditError } from "./place.ts";
import { isJsonObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { listChanges } from "./listChanges.ts";
import { endOf, endOfKey, followingLine, startsOfItems } from "./nodeEnds.ts";
import { keyOf } from "./positions.ts";
import { flowChanges } from "./rewriteFlow.ts";
import { lineEnd, lineStart } from "./splices.ts";
import type { Splice } from "./splices.ts";
import { toYaml } from "./toYaml.ts";
import type { Writing } from "./writing.ts";

/**
 * What to replace so that a map or a list of a text has another value.
 *
 * @throws EditError if it is written in a way that cannot be changed in place
 */
export function changesOf(writing: Writing, node: unknown, before: Json, after: Json): Splice[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isInPlace(node, before, after)) throw new EditError("nothing of a value would stay");
  if (isFlow(node)) return flowChanges(writing, node, before, after);
  if (isMap(node)) return mapChanges(writing, node, before as JsonObject, after as JsonObject);
  throw new EditError("a list has no key");
}

/** Whether a part of a value stays, and is written where the value is. */
function isInPlace(node: unknown, before: Json, after: Json): node is YAMLMap | YAMLSeq {
  if (isMap(node)) {
    const isMerged = node.items.some(({ key }) => isScalar(key) && key.source === "<<");
    const stays = (key: string) => isJsonObject(before) && Object.hasOwn(before, key);
    return !isMerged && isJsonObject(after) && Object.keys(after).some(stays);
  }
  if (!isSeq(node) || !Array.isArray(before) || !Array.isArray(after)) return false;
  return listChanges<Json>(before as Json[], after as Json[]).some(({ how }) => how === "stays");
}

function isFlow(node: YAMLMap | YAMLSeq): boolean {
  return node.flow === true;
}

function mapChanges(
  writing: Writing,
  map: YAMLMap,
  before: JsonObject,
  after: JsonObject,
): Splice[] {
  const { text } = writing;
  const indent = (map.srcToken as { readonly indent?: number } | undefined)?.indent ?? 0;
  const changes = map.items.flatMap((pair): Splice[] => {
    const key = keyOf(pair);
    const [old = null, value] = [before[key], after[key]];
    if (value === undefined) return [without(text, startOf(pair), endOf(pair))];
    return pairChanges(writing, pair, { key, indent, before: old, after: value });
  });
  const added = Object.entries(after).filter(([key]) => !Object.hasOwn(before, key));
  const last = map.items.at(-1);
  if (added.length === 0 || last === undefined) return changes;
  return [...changes, inserted(writing, endOf(last), Object.fromEntries(added), indent)];
}

interface Change {
  readonly key: string;
  /** The column of the key, from 0. */
  readonly indent: number;
  readonly before: Json;
  readonly after: Json;
}

function pairChanges(
  writing: Writing,
  pair: Pair,
  { key, indent, before, after }: Change,
): Splice[] {
  if (isDeepStrictEqual(before, after)) return [];
  const { value } = pair;
  if (isInPlace(value, before, after)) {
    if (isSeq(value) && !isFlow(value)) {
      return listChangesIn(writing, value, before as Json[], after as Json[], endOfKey(pair));
    }
    return changesOf(writing, value, before, after);
  }
  const start = startOf(pair);
  return [replaced(writing, start, endOf(pair), { [key]: after }, indent)];
}

function listChangesIn(
  writing: Writing,
  list: YAMLSeq,
  before: readonly Json[],
  after: readonly Json[],
  keyEnd: number,
): Splice[] {
  const { text } = writing;
  const starts = startsOfItems(list);
  const indent = (starts[0] ?? 0) - lineStart(text, starts[0] ?? 0);
  let end = keyEnd;
  return listChanges<Json>(before, after).flatMap((change): Splice[] => {
    if (change.how === "new") return [inserted(writing, end, [change.item], indent)];
    const [item, start = 0] = [list.items[change.index], starts[change.index]];
    end = endOf(item);
    if (change.how === "goes") return [without(text, start, end)];
    const old = before[change.index] ?? null;
    if (isDeepStrictEqual(old, change.item)) return [];
    return isInPlace(item, old, change.item)
      ? changesOf(writing, item, old, change.item)
      : [replaced(writing, start, end, [change.item], indent)];
  });
}

function startOf(pair: Pair): number {
  return (pair.key as Node).range?.[0] ?? 0;
}

/** Lines below the line of an index. */
function inserted(writing: Writing, end: number, value: Json, indent: number): Splice {
  const { text, lineBreak } = writing;
  const at = followingLine(text, end);
  const lines = indented(writing, value, indent);
  const isLast = at > 0 && text[at - 1] !== "\n";
  const whole = " ".repeat(indent) + lines;
  return { start: at, end: at, text: isLast ? lineBreak + whole : whole + lineBreak };
}

function replaced(
  writing: Writing,
  start: number,
  end: number,
  value: Json,
  indent: number,
): Splice {
  const lines = indented(writing, value, indent);
  const endsLine = writing.text[end - 1] === "\n";
  return { start, end, text: endsLine ? lines + writing.lineBreak : lines };
}

/** A value in block style; the first line is not indented, and the last has no line break. */
function indented({ lineBreak, indentLists }: Writing, value: Json, indent: number): string {
  return toYaml(value, indentLists)
    .replace(/\n$/, "")
    .replaceAll(/\n(?=[^\n])/g, `\n${" ".repeat(indent)}`)
    .replaceAll("\n", lineBreak);
}

/** @throws EditError if other text begins the line */
function without(text: string, start: number, end: number): Splice {
  const from = lineStart(text, start);
  if (text.slice(from, start).trim() !== "") {
    throw new EditError(
      `a value that would go does not begin its line: ${text.slice(from, lineEnd(text, start)).trim()}`,
    );
  }
  return { start: from, end: followingLine(text, end), text: "" };
}
