import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { UsageError, messageOf } from "../../offline/errors.ts";
import { realPath } from "../output/realPath.ts";
import { OutputFiles } from "../output/outputFiles.ts";
import { requireOutside } from "../output/requireOutside.ts";
import { copyTree, treeToCopy } from "./copiedTree.ts";
import { isWithin } from "../output/isWithin.ts";

/** The new texts of files; undefined for one that ends. */
type Changed = ReadonlyMap<string, string | undefined>;

/**
 * Writes a file or a directory with its changes: to another directory, with everything else in it, or to itself. Writes
 * everything or nothing, and never outside of the directory.
 *
 * @throws UsageError if the directory contains something else, cannot be written, or has links that lead outside
 */
export function writeChangedTree(source: string, out: string, changed: Changed): void {
  if (out.trim() === "") throw new UsageError("--out is empty. Pass a directory.");
  try {
    const [from, to] = [realpathSync(source), realPath(out)];
    if (statSync(out, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new UsageError(`--out ${out} is a file. Pass a directory.`);
    }
    if (from === to) {
      changeInPlace(source, changed);
      return;
    }
    requireOutside({ option: "--out", path: out, mayBeSource: true }, [source]);
    if (existsSync(out) && readdirSync(out).length > 0) {
      throw new UsageError(`${out} is not empty. Pass another directory with --out.`);
    }
    writeElsewhere(source, out, changed);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${out} cannot be written: ${messageOf(error)}`);
  }
}

/** @param out empty, or missing */
function writeElsewhere(source: string, out: string, changed: Changed): void {
  const isFile = !statSync(source).isDirectory();
  const tree = isFile ? undefined : treeToCopy(source);
  const pathOf = (file: string) => (isFile ? basename(file) : relative(source, file));
  const made = mkdirSync(out, { recursive: true });
  try {
    const texts = [...changed].flatMap(([file, text]) =>
      text === undefined ? [] : [[join(out, pathOf(file)), text] as const],
    );
    if (tree !== undefined) copyTree(source, out, tree, new Set([...changed.keys()].map(pathOf)));
    else if (changed.size === 0) copyFileSync(source, join(out, basename(source)));
    writeTexts(texts);
  } catch (error) {
    for (const name of readdirSync(out)) rmSync(join(out, name), { recursive: true, force: true });
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw error;
  }
}

/** Changes the files that links in the directory lead to; two names of one file are one change. */
function changeInPlace(directory: string, changed: Changed): void {
  const root = realpathSync(directory);
  const texts = new Map<string, string>();
  const problems: string[] = [];
  for (const [file, text] of changed) {
    const to = realpathSync(file);
    if (!isWithin(root, to)) {
      problems.push(
        `${file} is a link to ${to}, outside of ${directory}, which would change. Replace it with a copy, or pass another directory with --out.`,
      );
    } else if (text === undefined) {
      accessSync(file, constants.W_OK);
      accessSync(dirname(file), constants.W_OK);
    } else if ((texts.get(to) ?? text) !== text) {
      problems.push(
        `${file} is a link to ${to}, which changes differently. Replace it with a copy.`,
      );
    } else texts.set(to, text);
  }
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  writeTexts([...texts]);
  for (const [file, text] of changed) if (text === undefined) rmSync(file, { force: true });
}

function writeTexts(texts: readonly (readonly [file: string, text: string])[]): void {
  new OutputFiles(texts.map(([file]) => file)).write(texts.map(([, text]) => text));
}
