import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { messageOf } from "../../offline/errors.ts";
import { gitEnvironment } from "./gitEnvironment.ts";

const LARGEST_FILE = 16 * 1024 * 1024;

/** Runs Git in a directory and returns its output; throws with Git's message if it fails. */
function git(directory: string, ...args: string[]): string {
  return execFileSync("git", ["-C", directory, ...args], {
    encoding: "utf8",
    maxBuffer: LARGEST_FILE,
    env: gitEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
}

/** Why Git does not work in a directory; undefined if it does. */
export function gitProblem(directory: string): string | undefined {
  try {
    git(directory, "rev-parse", "--git-dir");
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "Git is not installed";
    const { stderr = messageOf(error) } = error as { readonly stderr?: string };
    const [first = ""] = stderr.split("\n");
    // A container often has another user than the checkout.
    const [trust] = /git config --global --add safe\.directory .*/.exec(stderr) ?? [];
    const fix = trust === undefined ? "" : `; if you trust it, run ${trust}`;
    return `${first.replace(/^fatal: /, "")}${fix}`;
  }
}

/** The hash of the commit that a revision names in a directory's repository; undefined if there is none. */
export function commitOf(directory: string, revision: string): string | undefined {
  const verified = (name: string) =>
    git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", name).trim();
  try {
    const object = verified(revision);
    // Of `^main`, which excludes a commit, the answer is `^` and the hash.
    return /^[0-9a-f]+$/.test(object) ? verified(`${object}^{commit}`) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a clone is shallow. */
export function isShallow(directory: string): boolean {
  return git(directory, "rev-parse", "--is-shallow-repository").trim() === "true";
}

/**
 * The text of a file at a commit; undefined if the commit does not contain the file.
 *
 * @throws Error if the path is not a file at that commit, or cannot be read
 */
export function readFileAt(commit: string, file: string): string | undefined {
  const directory = dirname(file);
  const entry = git(directory, "ls-tree", "-z", commit, "--", `./${basename(file)}`);
  if (entry === "") return undefined;
  const [mode = "", , hash = ""] = entry.split(/[ \t]/);
  if (!mode.startsWith("100")) throw new Error("it is a link or a directory there");
  return git(directory, "cat-file", "blob", hash);
}
