import { relative, sep } from "node:path";

/** The path of a file as messages show it: from the current directory, or absolute if that is shorter. */
export function displayName(file: string): string {
  const path = relative(process.cwd(), file);
  return (path === "" ? "." : path.length < file.length ? path : file).split(sep).join("/");
}
