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

/** A file that a command writes. */
interface Target {
  /** As given by the user. */
  readonly name: string;
  /** The file itself, with links resolved. */
  readonly path: string;
  /** Its permissions, if it already exists. */
  readonly mode?: number;
  /** Devices and pipes are appended to. A file in a read-only directory is overwritten in place. */
  readonly how: "replace" | "append" | "overwrite";
}

/**
 * Files that a command writes completely or not at all: each goes to a temporary file first, and all are moved into
 * place once all are complete. A path that is not writable is reported before the run starts.
 */
export class OutputFiles {
  readonly #targets: readonly Target[];

  /** @throws UsageError if a file is not writable, or is given twice */
  constructor(names: readonly string[]) {
    this.#targets = names.map((name) => trying(name, () => targetOf(name)));
    for (const [i, { name, path, how }] of this.#targets.entries()) {
      if (how !== "append" && this.#targets.slice(0, i).some((other) => other.path === path)) {
        throw new UsageError(`${name} cannot hold two reports. Use a separate file for each.`);
      }
    }
  }

  /**
   * Writes the texts, in the order of the files.
   *
   * @throws UsageError if one cannot be written; existing files are then unchanged
   */
  write(texts: readonly string[]): void {
    const outputs = this.#targets.map((target, i) => ({ ...target, text: texts[i] ?? "" }));
    const complete: { readonly name: string; readonly from: string; readonly to: string }[] = [];
    try {
      for (const { name, path, mode, text } of outputs.filter(({ how }) => how === "replace")) {
        const from = beside(path);
        complete.push({ name, from, to: path });
        trying(name, () => {
          writeFileSync(from, text, { flag: "wx" });
          if (mode !== undefined) chmodSync(from, mode);
        });
      }
      for (const { name, path, how, text } of outputs.filter(({ how }) => how !== "replace")) {
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
  // These paths refer to open streams, such as stdout.
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

/** The target of a link, even if it does not exist yet. */
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
    // A file that is a mount point itself, as in containers, cannot be replaced.
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
