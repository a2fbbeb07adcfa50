import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { UsageError, messageOf } from "./errors.ts";

/** Reads a YAML file; what it cannot read or parse is a usage error with the place. */
export function readYaml(path: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), {
    lineCounter: lines,
    prettyErrors: false,
    // As Pulumi reads it.
    merge: true,
  });
  const problems = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return `${path}:${line}:${col}: ${error.message}`;
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  try {
    return document.toJS() as unknown;
  } catch (error) {
    // An alias without an anchor, or aliases that would fill the memory.
    throw new UsageError(`${path}: ${messageOf(error)}`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
}
