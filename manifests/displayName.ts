import { relative, sep } from "node:path";

/**
 * The path of a file as messages show it: from a directory, or absolute if that is shorter.
 *
 * @param from the current directory by default
 */
export function displayName(file: string, from = process.cwd()): string {
  const path = relative(from, file);
  return (path === "" ? "." : path.length < file.length ? path : file).split(sep).join("/");
}
