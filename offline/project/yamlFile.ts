import { LineCounter, parseDocument } from "yaml";
import { UsageError, messageOf } from "../errors.ts";
import { problemsOf } from "../../yaml/documentProblems.ts";
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
    return document.toJS() as Yaml;
  } catch (error) {
    // An alias without an anchor, or aliases that would exhaust the memory.
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}
