import { readFileSync, statSync } from "node:fs";
import { UsageError, messageOf } from "../errors.ts";

/** In bytes; far more than any settings need. */
const LARGEST_SETTINGS = 16 * 1024 * 1024;

/** A pipe that the shell opened, as in `<(…)`. */
const OPENED_BY_THE_SHELL = /^\/dev\/(fd\/\d+|stdin)$/;

/**
 * Reads a file that the user names, without its byte order mark.
 *
 * @param largest in bytes
 * @throws UsageError
 */
export function readText(path: string, largest = LARGEST_SETTINGS): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    // Another pipe or a device may never end, and the read cannot be interrupted. A missing file or
    // a directory has its own error on read.
    if (
      found !== undefined &&
      !found.isFile() &&
      !found.isDirectory() &&
      !OPENED_BY_THE_SHELL.test(path)
    ) {
      throw new Error("it is a pipe or a device; pass a file");
    }
    if (found !== undefined && found.size > largest) {
      throw new Error(`it has ${found.size} bytes, and the maximum is ${largest}`);
    }
    return decoded(readFileSync(path));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

/** Other encodings would be read as wrong characters, such as what PowerShell 5 writes. */
function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not encoded as UTF-8; save it as UTF-8");
  }
}
