import { isMap, isScalar, visit } from "yaml";
import type { Document, LineCounter, YAMLMap } from "yaml";
import { addedByAliases } from "./aliasSize.ts";
import type { Yaml } from "./goYaml.ts";
import type { Position } from "./positions.ts";
import { yamlProblem } from "./yamlProblems.ts";
import type { SyntaxProblem } from "./yamlProblems.ts";

/** What makes a YAML document unusable, and where. */
export interface LocatedProblem extends Position {
  readonly message: string;
}

/**
 * The problems of a document, in the order of their lines: syntax, aliases without an anchor or an end, aliases that
 * would exhaust the memory and, unless they are allowed, repeated keys. No message quotes a value, which may be secret.
 */
export function problemsOf(
  document: Document,
  lines: LineCounter,
  { repeatedKeysAllowed = false } = {},
): readonly LocatedProblem[] {
  return [
    ...syntaxProblems(document, lines),
    ...strayMarks(document),
    ...(repeatedKeysAllowed ? [] : repeatedKeys(document, lines)),
    ...badAliases(document),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ at, message }) => {
      const { line, col: column } = lines.linePos(at);
      return { line, column, message };
    });
}

/** One problem for each line with errors. */
function syntaxProblems({ errors }: Document, lines: LineCounter): Problem[] {
  const byLine = new Map<number, [SyntaxProblem, ...SyntaxProblem[]]>();
  for (const error of errors) {
    const { line } = lines.linePos(error.pos[0]);
    const before = byLine.get(line);
    if (before === undefined) byLine.set(line, [error]);
    else before.push(error);
  }
  return [...byLine.values()].map((ofLine) => ({
    at: ofLine[0].pos[0],
    message: yamlProblem(ofLine),
  }));
}

interface Problem {
  readonly at: number;
  readonly message: string;
}

/**
 * A byte order mark at the start of a document within a text, as files have that were joined. kubectl skips it, but here it
 * would be a part of the first key, so the object would have no API version.
 */
function strayMarks({ contents }: Document): Problem[] {
  const first = isMap(contents) ? contents.items[0]?.key : contents;
  if (!isScalar(first) || !String(first.value).startsWith("\ufeff")) return [];
  const message = "a byte order mark may only be at the start of the file; remove this one";
  return [{ at: first.range?.[0] ?? 0, message }];
}

/** The parser could also detect these, but in quadratic time. */
function repeatedKeys(document: Document, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map(_, map: YAMLMap) {
      const seen = new Map<unknown, number>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const at = key.range?.[0] ?? 0;
        const first = seen.get(key.value);
        if (first === undefined) seen.set(key.value, at);
        else {
          const { line } = lines.linePos(first);
          problems.push({ at, message: `key ${String(key.source)} is already in line ${line}` });
        }
      }
    },
  });
  return problems;
}

/** In characters; an API server accepts objects of three million. */
const MOST_ADDED_BY_ALIASES = 10_000_000;

/** Aliases that have no value, or too large ones. */
function badAliases(document: Document): Problem[] {
  const problems: Problem[] = [];
  let first: number | undefined;
  visit(document, {
    Alias(_, alias, path) {
      const at = alias.range?.[0] ?? 0;
      first ??= at;
      const target = alias.resolve(document);
      if (target === undefined) {
        problems.push({
          at,
          message: "this alias has no anchor; a value that begins with * must be in quotes",
        });
      } else if (path.includes(target)) {
        problems.push({ at, message: `*${alias.source} contains itself` });
      }
    },
  });
  if (first === undefined || problems.length > 0) return problems;
  if (addedByAliases(document) <= MOST_ADDED_BY_ALIASES) return [];
  return [{ at: first, message: "aliases expand this document by more than 10 MB" }];
}

/**
 * The value of a document.
 *
 * @param document without problems
 * @throws if a merge key has something other than maps
 */
export function valueOf(document: Document): Yaml {
  // The parser's own limit, a number of aliases, also refuses small documents.
  return document.toJS({ maxAliasCount: -1 }) as Yaml;
}
