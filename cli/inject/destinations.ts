import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { mayHaveSecret } from "../../manifests/mayHaveSecret.ts";
import { UsageError, messageOf } from "../../offline/errors.ts";
import { isWithin } from "../output/isWithin.ts";
import { realPath } from "../output/realPath.ts";
import { OutputFiles } from "../output/outputFiles.ts";
import { lineDiff } from "../reports/lineDiff.ts";
import type { InjectedSource } from "./injectSource.ts";

interface Destination {
  readonly file: string;
  readonly text: string;
}

/**
 * Where the results belong at a path: a single file there, or in that directory if it exists; others below it, as in the
 * directory that they come from.
 *
 * @throws UsageError if two results belong in one file
 */
function destinationsAt(
  path: string,
  results: readonly InjectedSource[],
  isOne: boolean,
): readonly Destination[] {
  const isFile = isOne && !path.endsWith("/") && !isDirectory(path);
  const destinations = results.map(({ source, text }) => ({
    file: isFile ? path : join(path, source.path),
    text,
  }));
  const files = destinations.map(({ file }) => file);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice === undefined) return destinations;
  throw new UsageError(
    `Two results would be ${twice}. Name a directory that contains both files, or inject them one by one.`,
  );
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Writes every result, or none. @throws UsageError */
export function writeResults(
  path: string,
  results: readonly InjectedSource[],
  isOne: boolean,
): readonly string[] {
  const destinations = destinationsAt(path, results, isOne);
  const files = destinations.map(({ file }) => file);
  requireWithin(path, files);
  try {
    for (const file of files) mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${messageOf(error)}`);
  }
  new OutputFiles(files).write(destinations.map(({ text }) => text));
  return files;
}

/** @throws UsageError that names the files that links would lead out of the directory */
function requireWithin(path: string, files: readonly string[]): void {
  // A single file is where the user wants it.
  if (!isDirectory(path)) return;
  const root = realPath(path);
  const outside = files.filter((file) => !isWithin(root, realPath(file)));
  if (outside.length === 0) return;
  throw new UsageError(
    outside
      .map(
        (file) =>
          `${file} is a link to ${realPath(file)}, outside of ${path}, which would change. Replace it with a copy, or pass another directory with --out.`,
      )
      .join("\n"),
  );
}

/** How files differ from what would be written to them, a line each; empty if they are current. */
export function staleResults(
  path: string,
  results: readonly InjectedSource[],
  isOne: boolean,
): readonly string[] {
  return destinationsAt(path, results, isOne).flatMap(({ file, text }) => {
    if (!existsSync(file)) return [`${file} does not exist.`];
    const now = writtenText(file);
    if (now === text) return [];
    const said = `${file} is not what the source and the injector lead to`;
    return mayHaveSecret(now) || mayHaveSecret(text)
      ? [`${said}. It contains a Secret or cannot be read, so its lines are not shown.`]
      : [`${said}:`, ...lineDiff(now, text)];
  });
}

/** @throws UsageError if it is a directory, or unreadable */
function writtenText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

/** Directives, which may stand after comments. */
const DIRECTIVE = /^(?:[ \t]*(?:#.*)?\r?\n)*%/;

/** All results as one text, with every document separate. */
export function joinedResults(results: readonly Pick<InjectedSource, "text">[]): string {
  return results
    .map(({ text }) => text)
    .reduce((all, whole) => {
      // Only the whole text may begin with a byte order mark.
      const text = whole.replace(/^\ufeff/, "");
      const separator = /^---(?:\s|$)/.test(text) ? "" : "---\n";
      // Directives must follow the explicit end of a document.
      const start = DIRECTIVE.test(text) ? "...\n" : separator;
      return `${all}${all.endsWith("\n") ? "" : "\n"}${start}${text}`;
    });
}
