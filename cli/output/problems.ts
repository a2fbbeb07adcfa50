import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { StackFilePositions } from "../stack/stackFilePositions.ts";
import type { Position } from "../../yaml/positions.ts";

/** A place in a file. */
export interface Place extends Position {
  /** Relative to the project's directory, with slashes, or absolute if that is shorter. */
  readonly file: string;
}

/** The path of a file as messages show it for a project in a directory. */
export function displayPath(directory: string, file: string): string {
  const path = relative(directory, file);
  return (path.length < file.length ? path : file).split(sep).join("/");
}

/** A problem that stops a preview, with its position if known. */
export interface Problem {
  readonly message: string;
  readonly place?: Place;
}

/** A stack file by its absolute path, with the positions of its settings. */
export interface LocatedStackFile {
  readonly file: string;
  readonly positions: StackFilePositions;
}

/** Where to look up the positions for an error. */
interface Context {
  /** Directory of the project; absolute. */
  readonly directory: string;
  /** Directory of the program, to which its stack frames are relative; absolute. */
  readonly programDirectory: string;
  readonly project: string;
  readonly stackFile?: LocatedStackFile;
}

/** `/repo/Pulumi.dev.yaml:12:3: message` and `/repo/Pulumi.dev.yaml: message`, the format of file errors. */
const IN_FILE = /^(\s*)(\S.*?\.ya?ml)(?::(\d+):(\d+))?: /;
/** The heading of a list of problems in a stack file. */
const HEADING = / in (.+\.ya?ml) cannot be used:$/;
/** `    at index.ts:5:7`, the line of the program's own code at the end of an error. */
const FRAME = /^\s+at (?:.*\()?([^\s()]+):(\d+):(\d+)\)?$/;

/**
 * Adds to an error message the line in the stack file of each setting that it names, and splits it into its problems.
 * Both are in the order of these lines.
 */
export function locateProblems(
  message: string,
  context: Context,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const [head = "", ...rest] = message.split("\n");
  const [, file = ""] = HEADING.exec(head) ?? [];
  const stackFile = isAbsolute(file) ? stackFileAt(file, context) : context.stackFile;
  const known = { ...context, ...(stackFile === undefined ? {} : { stackFile }) };
  const { heading, entries } = partsOf([head, ...rest].map((line) => locatedLine(line, known)));
  const ordered = inOrder(entries);
  return {
    text: [...heading, ...ordered.flat()].map(({ text }) => text).join("\n"),
    problems: ordered.map(problemOf),
  };
}

interface Line {
  readonly text: string;
  /** The text without its position. */
  readonly plain: string;
  readonly place?: Place | undefined;
}

function locatedLine(line: string, context: Context): Line {
  const [prefix, margin = "", file, row, column] = IN_FILE.exec(line) ?? [];
  if (prefix !== undefined && file !== undefined && isAbsolute(file)) {
    const plain = margin + line.slice(prefix.length);
    const position =
      row === undefined
        ? stackFileAt(file, context)?.positions.mentionedIn(plain)
        : { line: Number(row), column: Number(column) };
    if (position === undefined) return { text: line, plain: line };
    return {
      text: `${margin}${file}:${position.line}:${position.column}: ${plain.trimStart()}`,
      plain,
      place: placeIn(file, position, context),
    };
  }
  const [, source, sourceRow, sourceColumn] = FRAME.exec(line) ?? [];
  if (source !== undefined) {
    const position = { line: Number(sourceRow), column: Number(sourceColumn) };
    const place = placeIn(resolve(context.programDirectory, source), position, context);
    return { text: line, plain: line, place };
  }
  const position = context.stackFile?.positions.mentionedIn(line);
  if (context.stackFile === undefined || position === undefined) return { text: line, plain: line };
  const place = placeIn(context.stackFile.file, position, context);
  const [indent = ""] = /^\s*/.exec(line) ?? [];
  const text = `${indent}${place.file}:${place.line}: ${line.slice(indent.length)}`;
  return { text, plain: line, place };
}

/** A path that is not absolute was reported before the stack file was known. */
function stackFileAt(file: string, { stackFile, project }: Context): LocatedStackFile | undefined {
  if (stackFile?.file === file) return stackFile;
  const positions = existsSync(file) ? StackFilePositions.of(file, project) : undefined;
  return positions && { file, positions };
}

function placeIn(file: string, { line, column }: Position, { directory }: Context): Place {
  return { file: displayPath(directory, file), line, column };
}

/**
 * A heading with a list has one entry for each problem, including its further indented lines, and for each line after
 * the list. If every line has a position, each is an entry. Any other message is a single entry.
 */
function partsOf(lines: readonly Line[]): {
  readonly heading: readonly Line[];
  readonly entries: readonly (readonly Line[])[];
} {
  const [head, ...rest] = lines;
  if (head?.plain.endsWith(":") === true && rest[0]?.plain.startsWith("  ") === true) {
    const entries = rest.reduce<Line[][]>((groups, line) => {
      const isEntry = /^( {2})?\S/.test(line.plain) || groups.length === 0;
      return isEntry
        ? [...groups, [line]]
        : [...groups.slice(0, -1), [...(groups.at(-1) ?? []), line]];
    }, []);
    return { heading: [head], entries };
  }
  const each = lines.every(({ place, plain, text }) => place !== undefined && plain !== text);
  return { heading: [], entries: each ? lines.map((line) => [line]) : [lines] };
}

/** Sorts entries by file and line; entries without a position come last. */
function inOrder(entries: readonly (readonly Line[])[]): readonly (readonly Line[])[] {
  const placed = entries.map((entry) => ({ entry, place: placeOf(entry) }));
  const files = [...new Set(placed.flatMap(({ place }) => place?.file ?? []))];
  const rank = (place: Place | undefined) =>
    place === undefined
      ? [files.length, 0, 0]
      : [files.indexOf(place.file), place.line, place.column];
  return placed
    .map(({ entry, place }) => ({ entry, at: rank(place) }))
    .sort(({ at: a }, { at: b }) => a.map((n, i) => n - (b[i] ?? 0)).find((n) => n !== 0) ?? 0)
    .map(({ entry }) => entry);
}

function placeOf(entry: readonly Line[]): Place | undefined {
  return entry.find(({ place }) => place !== undefined)?.place;
}

function problemOf(entry: readonly Line[]): Problem {
  const place = placeOf(entry);
  const message = entry
    .map(({ plain }) => plain)
    .join("\n")
    .trim();
  return { message, ...(place === undefined ? {} : { place }) };
}
