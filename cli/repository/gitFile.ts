import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { messageOf } from "../../offline/errors.ts";

const LARGEST_FILE = 16 * 1024 * 1024;

/** What Git says in a directory; throws with its words where it refuses. */
function git(directory: string, ...args: string[]): string {
  return execFileSync("git", ["-C", directory, ...args], {
    encoding: "utf8",
    maxBuffer: LARGEST_FILE,
    // In the words that are looked for, and without a question that nobody answers.
    env: { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
}

/** Why Git cannot be asked anything about a directory; undefined where it can. */
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

/** The hash of the commit that a revision names in a directory's repository; undefined where it names none. */
export function commitOf(directory: string, revision: string): string | undefined {
  try {
    const commit = `${revision}^{commit}`;
    return git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", commit).trim();
  } catch {
    return undefined;
  }
}

/** Whether a clone has only the newest part of its history. */
export function isShallow(directory: string): boolean {
  return git(directory, "rev-parse", "--is-shallow-repository").trim() === "true";
}

/**
 * The text that a file had at a commit; undefined where the commit has no such file.
 *
 * @throws Error where the commit has something else in its place, or the text cannot be read
 */
export function fileAt(commit: string, file: string): string | undefined {
  const directory = dirname(file);
  const entry = git(directory, "ls-tree", "-z", commit, "--", `./${basename(file)}`);
  if (entry === "") return undefined;
  const [mode = "", , hash = ""] = entry.split(/[ \t]/);
  if (!mode.startsWith("100")) throw new Error("it is a link or a directory there");
  return git(directory, "cat-file", "blob", hash);
}
