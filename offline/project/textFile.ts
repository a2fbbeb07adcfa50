import { readFileSync, statSync } from "node:fs";
import { UsageError, messageOf } from "../errors.ts";

/** In bytes; far more than any settings. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** A pipe that the shell itself opened, as for `<(…)`. */
const OPENED_BY_THE_SHELL = /^\/dev\/(fd\/\d+|stdin)$/;

/**
 * Reads a file that a user names. A byte order mark is left out.
 *
 * @throws UsageError
 */
export function readText(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    // Another pipe or a device may never end, and nothing interrupts its reader. What is not there, or a directory,
    // has an error of its own when it is read.
    if (
      found !== undefined &&
      !found.isFile() &&
      !found.isDirectory() &&
      !OPENED_BY_THE_SHELL.test(path)
    ) {
      throw new Error("it is a pipe or a device; give a file");
    }
    if (found !== undefined && found.size > LARGEST_FILE) {
      throw new Error(`it has ${found.size} bytes, and ${LARGEST_FILE} are the most`);
    }
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
}
