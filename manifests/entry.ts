import { readFileSync, statSync } from "node:fs";
import type { Stats } from "node:fs";

/**
 * What a path leads to; undefined if it leads nowhere: to nothing, around in a circle of links, or if no file can have that
 * name, because manifests name what they like.
 */
export function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The text of a file. Anything else at a path, such as a pipe or a device, may never end.
 *
 * @throws if it is not a regular file, or cannot be read
 */
export function readRegularFile(path: string): string {
  if (!statSync(path).isFile()) throw new Error(`${path} is not a regular file`);
  return readFileSync(path, "utf8");
}
