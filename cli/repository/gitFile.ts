import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { messageOf } from "../../offline/errors.ts";

const LARGEST_FILE = 16 * 1024 * 1024;

/** Runs Git in a directory and returns its output; throws with Git's message if it fails. */
function git(directory: string, ...args: string[]): string {
  return execFileSync("git", ["-C", directory, ...args], {
    encoding: "utf8",
    maxBuffer: LARGEST_FILE,
    // English output, which is parsed here, and no prompts.
    env: { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" },
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
    const { stderr } = error as { readonly stderr?: string };
    const [first = ""] = (stderr ?? messageOf(error)).split("\n");
    return first.replace(/^fatal: /, "");
  }
}

/** The hash of the commit that a revision names in a directory's repository; undefined if there is none. */
export function commitOf(directory: string, revision: string): string | undefined {
  try {
    const commit = `${revision}^{commit}`;
    return git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", commit).trim();
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
