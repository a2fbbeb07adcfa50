import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError, messageOf } from "../../offline/errors.ts";

/** A file that a report goes to. */
interface Target {
  /** As it was given. */
  readonly name: string;
  /** The file itself, behind every link. */
  readonly path: string;
  /** Its permissions, where it is there already. */
  readonly mode?: number;
  /** A device or a pipe takes what comes; a file in a directory that nobody may write to keeps its place. */
  readonly how: "replace" | "append" | "overwrite";
}

/**
 * The files of several reports. They are written whole or not at all: each first beside its place, and all are put
 * there when all are complete. What cannot be written is said before there is anything to report.
 */
export class ReportFiles {
  readonly #targets: readonly Target[];

  /** @throws UsageError where a file cannot be written, or is to take two reports */
  constructor(names: readonly string[]) {
    this.#targets = names.map((name) => trying(name, () => targetOf(name)));
    for (const [i, { name, path, how }] of this.#targets.entries()) {
      if (how !== "append" && this.#targets.slice(0, i).some((other) => other.path === path)) {
        throw new UsageError(`${name} cannot take two reports. Give each a file of its own.`);
      }
    }
  }

  /**
   * Writes the reports, in the order of their files.
   *
   * @throws UsageError where one cannot be written; earlier reports are then as they were
   */
  write(texts: readonly string[]): void {
    const reports = this.#targets.map((target, i) => ({ ...target, text: texts[i] ?? "" }));
    const complete: { readonly name: string; readonly from: string; readonly to: string }[] = [];
    try {
      for (const { name, path, mode, text } of reports.filter(({ how }) => how === "replace")) {
        const from = beside(path);
        complete.push({ name, from, to: path });
        trying(name, () => {
          writeFileSync(from, text, { flag: "wx" });
          if (mode !== undefined) chmodSync(from, mode);
        });
      }
      for (const { name, path, how, text } of reports.filter(({ how }) => how !== "replace")) {
        trying(name, () => {
          writeFileSync(path, text, { flag: how === "append" ? "a" : "w" });
        });
      }
      for (const { name, from, to } of complete) {
        trying(name, () => {
          moved(from, to);
        });
      }
    } finally {
      for (const { from } of complete) rmSync(from, { force: true });
    }
  }
}

function targetOf(name: string): Target {
  const given = resolve(name);
  // Such a name stands for what is open already, as stdout is.
  if (/^\/(dev|proc)\//.test(given)) {
    accessSync(given, constants.W_OK);
    return { name, path: given, how: "append" };
  }
  const path = behindLinks(given);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    accessSync(`${dirname(path)}/.`, constants.W_OK);
    return { name, path, how: "replace" };
  }
  if (found.isDirectory()) throw new Error("it is a directory");
  accessSync(path, constants.W_OK);
  if (!found.isFile()) return { name, path, how: "append" };
  return {
    name,
    path,
    how: isWritable(dirname(path)) ? "replace" : "overwrite",
    mode: found.mode & 0o777,
  };
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a link leads, also where nothing is there yet. */
function behindLinks(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync(path);
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (isLink) return behindLinks(resolve(dirname(path), readlinkSync(path)));
  return join(realpathSync(dirname(path)), basename(path));
}

function beside(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.tmp`);
}

function moved(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // A file that is mounted by itself, as containers do it, has a fixed place.
    copyFileSync(from, to);
  }
}

function trying<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(`${name} cannot be written: ${messageOf(error)}`);
  }
}
