import { readFileSync, statSync } from "node:fs";
import { LineCounter, isScalar, parseDocument, visit } from "yaml";
import type { Document, Pair } from "yaml";
import { UsageError, messageOf } from "./errors.ts";

/** In bytes; far more than any settings. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** Reads a YAML file; what it cannot read or parse is a usage error with the place. */
export function readYaml(path: string): unknown {
  return parseYaml(readText(path), path);
}

/** The value of a YAML text; what it cannot parse is a usage error with the place, under the name of the text. */
export function parseYaml(text: string, name: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // As Pulumi reads it.
    merge: true,
    // The parser compares every key with every other one: a minute for 20,000.
    uniqueKeys: false,
  });
  const problems = [
    ...document.errors.map(({ pos, message }) => ({ at: pos[0], message })),
    ...repeatedKeys(document),
  ].map(({ at, message }) => {
    const { line, col } = lines.linePos(at);
    return `${name}:${line}:${col}: ${message}`;
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  try {
    return document.toJS() as unknown;
  } catch (error) {
    // An alias without an anchor, or aliases that would fill the memory.
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}

function repeatedKeys(document: Document.Parsed): { at: number; message: string }[] {
  const problems: { at: number; message: string }[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items as readonly Pair[]) {
        if (!isScalar(key) || key.value === "<<") continue;
        if (seen.has(key.value)) {
          problems.push({ at: key.range?.[0] ?? 0, message: "Map keys must be unique" });
        }
        seen.add(key.value);
      }
    },
  });
  return problems;
}

function readText(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    // A pipe or a device may never end, and nothing interrupts its reader. What is not there, or a directory, has an
    // error of its own when it is read.
    if (found !== undefined && !found.isFile() && !found.isDirectory()) {
      throw new Error("it is a pipe or a device; give a file");
    }
    if (found !== undefined && found.size > LARGEST_FILE) {
      throw new Error(`it has ${found.size} bytes, and ${LARGEST_FILE} are the most`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
}
