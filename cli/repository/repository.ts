import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

/** The path of a file within the repository that it lies in, with slashes; its name alone where it lies in none. */
export function pathInRepository(file: string): string {
  for (let root = dirname(file); ; root = dirname(root)) {
    // A folder, or in a worktree a file.
    if (existsSync(join(root, ".git"))) return relative(root, file).split(sep).join("/");
    if (root === dirname(root)) return basename(file);
  }
}
