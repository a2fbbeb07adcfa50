import { LineCounter, parseDocument } from "yaml";
import { UsageError, messageOf } from "../errors.ts";
import { problemsOf, valueOf } from "../../yaml/documentProblems.ts";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import type { Yaml } from "../../yaml/goYaml.ts";
import { readText } from "./textFile.ts";

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
  const problems = problemsOf(document, lines);
  if (problems.length > 0) {
    const told = problems.map(
      ({ line, column, message }) => `${name}:${line}:${column}: ${message}`,
    );
    throw new UsageError(told.join("\n"));
  }
  try {
    return valueOf(document);
  } catch (error) {
    // A merge with something other than maps.
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}
