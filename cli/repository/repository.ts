import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

/** The path of a file within its repository, with slashes; only its name if it is not in a repository. */
export function pathInRepository(file: string): string {
  for (let root = dirname(file); ; root = dirname(root)) {
    // A directory, or a file in a worktree.
    if (existsSync(join(root, ".git"))) return relative(root, file).split(sep).join("/");
    if (root === dirname(root)) return basename(file);
  }
}
