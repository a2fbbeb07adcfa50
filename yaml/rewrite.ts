import { isDeepStrictEqual } from "node:util";
import { LineCounter, isAlias, isMap, isSeq, parseAllDocuments } from "yaml";
import type { Document } from "yaml";
import { problemsOf, valueOf } from "./documentProblems.ts";
import { EditError } from "./place.ts";
import { goYamlOptions } from "./goYaml.ts";
import { toJson } from "./json.ts";
import type { Json } from "./json.ts";
import { pairOf } from "./positions.ts";
import { changesOf } from "./rewriteNode.ts";
import { withSplices } from "./splices.ts";

/** A new value in one of the documents of a text. */
export interface NewValue {
  /** The index of the document, from 0. */
  readonly document: number;
  /** The keys and indices on the way to the value; none for the whole document. */
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

/**
 * A text whose values at some paths are others. Only the lines of what differs change: comments, quotes, the order of keys
 * and line breaks stay everywhere else. Reads the text again, and compares, so what it returns has exactly these values.
 *
 * @param text YAML or JSON whose documents have no problems
 * @throws EditError if the text cannot be changed in place, such as an anchor that other parts use
 */
export function rewritten(text: string, values: readonly NewValue[]): string {
  const documents = documentsOf(text);
  const before = documents.map(jsonOf);
  const writing = {
    text,
    lineBreak: text.includes("\r\n") ? "\r\n" : "\n",
    indentLists: !/^( *)[\w-]+:[ \t]*\r?\n\1- /m.test(text),
  };
  const result = withSplices(
    text,
    values.flatMap(({ document: index, path, value }) => {
      const document = documents[index];
      if (document === undefined) throw new EditError(`there is no document ${index + 1}`);
      return changesOf(writing, nodeAt(document, path), partAt(before[index], path), value);
    }),
  );
  requireValues(result, before, values);
  return result;
}

function documentsOf(text: string): readonly Document.Parsed[] {
  return [...parseAllDocuments(text, { ...goYamlOptions(2), keepSourceTokens: true })];
}

function jsonOf(document: Document.Parsed): Json {
  return toJson(valueOf(document));
}

function nodeAt(document: Document.Parsed, path: NewValue["path"]): unknown {
  return path.reduce<unknown>((node, step) => {
    const found = isMap(node)
      ? pairOf(node, String(step))?.value
      : isSeq(node)
        ? node.items[Number(step)]
        : undefined;
    if (found !== undefined && found !== null && !isAlias(found)) return found;
    throw new EditError(`${path.join(".")} is not written out: it comes from an anchor`);
  }, document.contents);
}

function partAt(value: Json | undefined, path: NewValue["path"]): Json {
  const found = path.reduce<unknown>(
    (whole, step) => (whole as Readonly<Record<string | number, unknown>>)[step],
    value,
  );
  return found as Json;
}

/** @throws EditError if a text has other values than those of earlier documents with the new ones */
function requireValues(text: string, before: readonly Json[], values: readonly NewValue[]): void {
  const lines = new LineCounter();
  const documents = documentsOf(text);
  const wanted = before.map((value, index) =>
    values
      .filter(({ document }) => document === index)
      .reduce((whole, { path, value: part }) => withPart(whole, path, part), value),
  );
  const isRight =
    documents.every(
      (document) => problemsOf(document, lines, { repeatedKeysAllowed: true }).length === 0,
    ) && isDeepStrictEqual(documents.map(jsonOf), wanted);
  if (isRight) return;
  throw new EditError(
    "a part that would change is also used elsewhere, by an anchor or a repeated key; write it out",
  );
}

function withPart(whole: Json, [step, ...rest]: NewValue["path"], part: Json): Json {
  if (step === undefined) return part;
  if (Array.isArray(whole)) {
    return (whole as readonly Json[]).map((item, index) =>
      index === step ? withPart(item, rest, part) : item,
    );
  }
  const object = whole as Readonly<Record<string, Json>>;
  return { ...object, [step]: withPart(object[step] ?? null, rest, part) };
}
