import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { onEnd } from "../../processes/onEnd.ts";
import { UsageError, messageOf } from "../../offline/errors.ts";
import { gitEnvironment } from "./gitEnvironment.ts";
import { commitOf } from "./gitFile.ts";

/** The root of the repository that contains a directory. */
export async function repositoryRoot(directory: string): Promise<string> {
  return (await git(directory, "rev-parse", "--show-toplevel")).trim();
}

/** Whether the files of a path, including new ones, differ from those at a commit. */
export async function differsFrom(root: string, commit: string, path: string): Promise<boolean> {
  const changed = await git(root, "diff", "--name-only", commit, "--", path);
  const untracked = await git(root, "ls-files", "--others", "--exclude-standard", "--", path);
  return changed !== "" || untracked !== "";
}

/**
 * Checks a commit out into a directory that does not exist yet, with its submodules as far as the repository has them.
 * The directory becomes a repository of its own, which borrows the objects, so nothing is written into the repository:
 * a worktree would be listed there, and would stay listed if this process were killed.
 *
 * @throws UsageError if something of the commit is not on this machine
 */
export async function checkOut(root: string, commit: string, target: string): Promise<void> {
  const inside = async (name: string) =>
    resolve(root, (await git(root, "rev-parse", "--git-path", name)).trim());
  const format = (await git(root, "rev-parse", "--show-object-format")).trim();
  mkdirSync(target, { recursive: true });
  await git(target, "init", "--quiet", "--template=", `--object-format=${format}`);
  const own = join(target, ".git");
  mkdirSync(join(own, "objects/info"), { recursive: true });
  writeFileSync(join(own, "objects/info/alternates"), `${await inside("objects")}\n`);
  // Neither the hooks of the user nor the watcher of files runs in the checkout.
  await git(target, "config", "core.hooksPath", devNull);
  await git(target, "config", "core.fsmonitor", "false");
  const shallow = await inside("shallow");
  if (existsSync(shallow)) copyFileSync(shallow, join(own, "shallow"));
  try {
    await git(target, "checkout", "--quiet", "--detach", commit);
    // Git goes on without a file whose contents it does not have.
    const missing = await git(target, "ls-files", "--deleted");
    if (missing !== "") throw new Error(`the contents of ${firstOf(missing)} are not there`);
  } catch (error) {
    throw new UsageError(
      `The commit ${commit} of ${root} cannot be checked out: ${messageOf(error)}. If the clone is partial, git -C ${root} archive --output=/dev/null ${commit} fetches them.`,
    );
  }
  await copyRemotes(root, target);
  await checkOutSubmodules(root, commit, target);
}

function firstOf(lines: string): string {
  const [first = "", ...others] = lines.trim().split("\n");
  return others.length === 0 ? first : `${first} and ${others.length} more files`;
}

/** The remotes say which Git sources of Flux are this repository. They come last, so the checkout cannot use them. */
async function copyRemotes(root: string, target: string): Promise<void> {
  const remotes = await git(root, "config", "--null", "--get-regexp", "^remote\\..*\\.url$").catch(
    // Git fails if there are none.
    () => "",
  );
  for (const entry of remotes.split("\0").filter((text) => text !== "")) {
    const [key = "", ...url] = entry.split("\n");
    await git(target, "config", "--add", key, url.join("\n"));
  }
}

async function checkOutSubmodules(root: string, commit: string, target: string): Promise<void> {
  const entries = await git(target, "ls-tree", "-r", "-z", "--full-tree", commit);
  for (const entry of entries.split("\0").filter((text) => text.startsWith("160000 "))) {
    const [, hash = "", path = ""] = /^160000 commit (\w+)\t(.*)$/s.exec(entry) ?? [];
    const repository = join(root, path);
    // Where the working tree has no files of the submodule, the program does not need them.
    if (!existsSync(join(repository, ".git"))) continue;
    if (commitOf(repository, hash) === undefined) {
      throw new UsageError(
        `The submodule ${path} has not fetched ${hash}, which it had at ${commit}. Run git -C ${repository} fetch origin ${hash}.`,
      );
    }
    await checkOut(repository, hash, join(target, path));
  }
}

const LARGEST_LISTING = 256 * 1024 * 1024;

/**
 * Runs Git in a directory while this process does other work, and returns its output.
 *
 * @throws UsageError with what Git says
 */
async function git(directory: string, ...args: readonly string[]): Promise<string> {
  const run = promisify(execFile)("git", ["-C", directory, ...args], {
    encoding: "utf8",
    maxBuffer: LARGEST_LISTING,
    env: gitEnvironment(),
  });
  const forget = onEnd(() => run.child.kill("SIGKILL"));
  try {
    return (await run).stdout;
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    const said = stderr.trim();
    throw new UsageError(said === "" ? messageOf(error) : said.replace(/^(fatal|error): /, ""));
  } finally {
    forget();
  }
}
