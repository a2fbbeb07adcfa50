import { isScalar, visit } from "yaml";
import type { Document, LineCounter, YAMLMap } from "yaml";
import type { Position } from "./positions.ts";
import { yamlProblem } from "./yamlProblems.ts";
import type { SyntaxProblem } from "./yamlProblems.ts";

/** What makes a YAML document unusable, and where. */
export interface LocatedProblem extends Position {
  readonly message: string;
}

/**
 * The problems of a document, in the order of their lines: syntax, aliases without an end and, unless they are allowed,
 * repeated keys.
 */
export function problemsOf(
  document: Document,
  lines: LineCounter,
  { repeatedKeysAllowed = false } = {},
): readonly LocatedProblem[] {
  return [
    ...syntaxProblems(document, lines),
    ...(repeatedKeysAllowed ? [] : repeatedKeys(document, lines)),
    ...endlessAliases(document),
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

/** Aliases inside the node that they refer to. */
function endlessAliases(document: Document): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_, alias, path) {
      const target = alias.resolve(document);
      if (target !== undefined && path.includes(target)) {
        problems.push({ at: alias.range?.[0] ?? 0, message: `*${alias.source} contains itself` });
      }
    },
  });
  return problems;
}
