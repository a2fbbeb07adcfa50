import { LineCounter, isScalar, parseDocument, visit } from "yaml";
import type { Document, YAMLMap } from "yaml";
import { UsageError, messageOf } from "../errors.ts";
import { goYamlOptions } from "./goYaml.ts";
import type { Yaml } from "./goYaml.ts";
import { readText } from "./textFile.ts";
import { yamlProblem } from "./yamlProblems.ts";
import type { SyntaxProblem } from "./yamlProblems.ts";

/**
 * Reads a YAML file the way Pulumi reads its own files.
 *
 * @throws UsageError with the position of each problem
 */
export function readYaml(path: string): Yaml {
  return parseYaml(readText(path), path);
}

/** The same for a text; `name` is its source in messages. */
export function parseYaml(text: string, name: string): Yaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...goYamlOptions(3), lineCounter: lines });
  const problems: Problem[] = syntaxProblems(document, lines);
  problems.push(...repeatedKeys(document, lines), ...endlessAliases(document));
  if (problems.length > 0) {
    const told = problems
      .sort((a, b) => a.at - b.at)
      .map(({ at, message }) => {
        const { line, col } = lines.linePos(at);
        return `${name}:${line}:${col}: ${message}`;
      });
    throw new UsageError(told.join("\n"));
  }
  try {
    return document.toJS() as Yaml;
  } catch (error) {
    // An alias without an anchor, or aliases that would exhaust the memory.
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
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
