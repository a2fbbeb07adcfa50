import { LineCounter, isMap, isScalar, parseAllDocuments } from "yaml";
import type { Document } from "yaml";
import { problemsOf, valueOf } from "../yaml/documentProblems.ts";
import { goYamlOptions } from "../yaml/goYaml.ts";
import { pairOf, positionBelow, positionOf } from "../yaml/positions.ts";
import type { Position } from "../yaml/positions.ts";
import { isRecord, manifestOf } from "./manifest.ts";
import type { Manifest, Origin, Unread } from "./manifest.ts";

/** The objects of a text, and the parts of it that could not be read. */
export interface ManifestText {
  readonly manifests: readonly Manifest[];
  readonly unread: readonly Unread[];
}

/** Marks of Go templates and of the templates of other generators. */
export const TEMPLATE = /\{\{|\{%|<%/;

const START: Position = { line: 1, column: 1 };

/**
 * The Kubernetes objects of a text in YAML or JSON: every document that has an API version and a kind. The items of a
 * list, and of lists in it, are objects of their own. Other documents are passed over.
 *
 * @param file the source in messages
 * @param isRendered whether a tool printed the text, so every document must be an object
 * @param isNamed whether the user named the source, so it must be YAML even if it has no objects
 */
export function readManifestText(
  text: string,
  file: string,
  { isRendered = false, isNamed = false } = {},
): ManifestText {
  // Most files in a repository that are not manifests need not be parsed.
  if (!isRendered && !isNamed && !text.includes("apiVersion")) return { manifests: [], unread: [] };
  const lines = new LineCounter();
  const manifests: Manifest[] = [];
  const unread: Unread[] = [];
  const documents = parseAllDocuments(text, { ...goYamlOptions(2), lineCounter: lines });
  for (const [index, document] of documents.entries()) {
    // Of a repeated key, the last value counts, as for kubectl and Helm. One mistake often has several errors.
    const [problem] = problemsOf(document, lines, { repeatedKeysAllowed: true });
    if (problem === undefined) {
      const lost = lostObject(document, lines, file);
      if (lost !== undefined) unread.push(lost);
      try {
        manifests.push(
          ...objectsIn(document, { lines, file, index: isRendered ? undefined : index }),
        );
        if (isRendered && !isObject(document)) {
          const at = positionOf(document.contents, lines) ?? START;
          unread.push({
            ...{ file, ...at, broken: true },
            reason: "A document in it is not a Kubernetes object: it requires apiVersion and kind.",
            fix: "Correct the file.",
          });
        }
      } catch (error) {
        // A merge with something other than maps.
        const message = error instanceof Error ? error.message : String(error);
        unread.push(invalid(file, { ...START, message }));
      }
    } else if (TEMPLATE.test(text.slice(document.range[0], document.range[2]))) {
      // Valid text may contain the marks, too: alerts have templates of their own.
      return { manifests: [], unread: [templateAt(file)] };
    } else unread.push(invalid(file, problem));
  }
  if (manifests.some(({ name = "", namespace = "" }) => TEMPLATE.test(name + namespace))) {
    return { manifests: [], unread: [templateAt(file)] };
  }
  return { manifests, unread };
}

/** The first of two objects in one document, as in files that were joined without a separator: its keys do not count. */
function lostObject(
  { contents }: Document.Parsed,
  lines: LineCounter,
  file: string,
): Unread | undefined {
  if (!isMap(contents)) return undefined;
  const [first, second] = contents.items.filter(
    ({ key }) => isScalar(key) && key.value === "apiVersion",
  );
  if (first === undefined || second === undefined) return undefined;
  return {
    file,
    ...(positionOf(first.key, lines) ?? START),
    reason: `A second object begins in line ${positionOf(second.key, lines)?.line ?? 1} of the same document, so kubectl and Helm drop this one.`,
    fix: "Write --- between the two objects.",
    broken: true,
  };
}

/** A file that only a generator can read. */
export function templateAt(file: string): Unread {
  return {
    file,
    ...START,
    reason: "It is a template, not YAML.",
    fix: "Render it, and pass the result: helm template … | npx aks-istio check -",
    broken: false,
  };
}

/** What the parser says of quoted text whose next line is not indented, which other parsers accept. */
const NOT_INDENTED = /^Missing closing .quote/;

function invalid(
  file: string,
  { line, column, message }: Position & { readonly message: string },
): Unread {
  const reason = `It is not valid YAML: ${message}.`;
  return NOT_INDENTED.test(message)
    ? {
        ...{ file, line, column, reason },
        fix: "If the text is closed in a later line, indent its lines more than its key.",
        broken: false,
      }
    : { file, line, column, reason, fix: "Correct the file.", broken: true };
}

/** Whether a document is an object of Kubernetes, or empty. */
function isObject({ contents }: Document.Parsed): boolean {
  if (isMap(contents)) return contents.has("apiVersion") && contents.has("kind");
  return contents === null || (isScalar(contents) && contents.value === null);
}

function objectsIn(
  document: Document.Parsed,
  {
    lines,
    file,
    index,
  }: { readonly lines: LineCounter; readonly file: string; readonly index: number | undefined },
): readonly Manifest[] {
  if (!isMap(document.contents)) return [];
  const content: unknown = valueOf(document);
  if (!isRecord(content)) return [];
  const source = { document, lines };
  const firstKey = pairOf(document.contents, "apiVersion")?.key;
  const originBelow = (...prefix: (string | number)[]): Origin => ({
    file,
    ...(index === undefined ? {} : { within: { document: index, path: prefix } }),
    at: (steps) => ({
      file,
      ...(positionBelow(document.contents, [...prefix, ...steps], source) ??
        positionOf(firstKey, lines) ??
        START),
    }),
  });
  const below = (
    object: Readonly<Record<string, unknown>>,
    path: readonly (string | number)[],
    inherited: Parameters<typeof manifestOf>[2],
  ): readonly Manifest[] => {
    const { apiVersion, kind, items } = object;
    if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) {
      return [manifestOf(object, originBelow(...path), inherited)].filter(
        (manifest) => manifest !== undefined,
      );
    }
    const ofItems =
      kind === "List" || typeof apiVersion !== "string"
        ? {}
        : { apiVersion, kind: kind.slice(0, -"List".length) };
    return items.flatMap((item: unknown, at) =>
      isRecord(item) ? below(item, [...path, "items", at], ofItems) : [],
    );
  };
  return below(content, [], {});
}
