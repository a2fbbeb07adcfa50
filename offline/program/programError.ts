import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** The SDK's introduction to an error that a program or a pack threw. */
const PREAMBLE = /^.*Running program '.*' failed with an unhandled exception:\s*/;

/**
 * The useful part of an error that the SDK logged for a program: the message, and the line of the program's own code
 * that threw it. The SDK's preamble and its own frames are dropped.
 */
export function readableError(message: string, directory: string): string {
  const lines = stripVTControlCharacters(message).replace(PREAMBLE, "").split("\n");
  const own = lines.flatMap((line) => placeOf(line, directory) ?? []).at(0);
  // For a missing module Node.js lists the importing files; the first own frame is clearer.
  const end = lines.findIndex((line) => isFrame(line) || line === "Require stack:");
  const text = lines
    .slice(0, end === -1 ? undefined : end)
    .join("\n")
    .trim()
    .replaceAll(`${directory}/`, "");
  return text + (own === undefined ? "" : `\n    at ${own}`);
}

/** A message may contain lines that begin with "at". */
function isFrame(line: string): boolean {
  return /^\s+at .*(:\d+:\d+\)?|\((<anonymous>|native|index \d+)\))( \{)?$/.test(line);
}

/** `index.ts:12:7` of a frame in the program's own files. */
function placeOf(frame: string, directory: string): string | undefined {
  // Anchored at the start of the place: node:internal/… is not on a drive called e.
  const place = /(?:\(|\bat (?:async )?)(?:file:\/\/)?(\/[^():]+|[A-Za-z]:[^():]+):(\d+:\d+)\)?$/;
  const [, file, position] = isFrame(frame) ? (place.exec(frame) ?? []) : [];
  if (file === undefined || position === undefined || file.includes("node_modules")) {
    return undefined;
  }
  const path = relative(directory, file);
  return path.startsWith("..") ? undefined : `${path}:${position}`;
}
