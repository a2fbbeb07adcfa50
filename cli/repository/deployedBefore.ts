import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError, messageOf } from "../../offline/errors.ts";
import type { Project } from "../../offline/project/project.ts";
import { loadStackFile, parseStackFile } from "../../offline/project/stackFile.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import { commitOf, readFileAt, gitProblem, isShallow } from "./gitFile.ts";

/**
 * The stack in an earlier state: from a file, or from its own file at a Git revision. Undefined if the revision does
 * not contain that file, because the stack is new.
 *
 * @throws UsageError if it is neither, or could be both
 */
export function loadStackBefore(
  project: Project,
  now: StackFile,
  before: string,
): StackFile | undefined {
  const directory = now.file === undefined ? project.directory : dirname(now.file);
  const isFile = existsSync(before) && !statSync(before).isDirectory();
  const commit = commitOf(directory, before);
  if (isFile && commit !== undefined) {
    throw new UsageError(
      `--before ${before} names both a file and a Git revision. Use ./${before} for the file, or ${before}~0 for the revision.`,
    );
  }
  if (isFile) return loadStackFile(project, { stack: now.stack, configFile: before });
  if (commit === undefined) throw new UsageError(unknown(directory, before));
  if (now.file === undefined) return undefined;
  const name = `${now.file} at ${before}`;
  const text = textAt(commit, now.file, name);
  return text === undefined ? undefined : parseStackFile(now.stack, text, name);
}

function textAt(commit: string, file: string, name: string): string | undefined {
  try {
    return readFileAt(commit, file);
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${messageOf(error)}`);
  }
}

/** Why there is nothing to compare with, and how to fix that. */
function unknown(directory: string, before: string): string {
  const problem = gitProblem(directory);
  if (problem !== undefined) {
    return `--before ${before}: the file does not exist, and Git cannot read a revision in ${directory}: ${problem}.`;
  }
  const neither = `--before ${before} is neither a file nor a Git revision in ${directory}.`;
  const [, remote, branch] = /^([\w.-]+)\/([\w./-]+)$/.exec(before) ?? [];
  const fetch =
    remote === undefined || branch === undefined || /\.ya?ml$/.test(branch)
      ? undefined
      : `${remote} +${branch}:refs/remotes/${before}`;
  if (isShallow(directory)) {
    const command = `git fetch ${fetch === undefined ? "--unshallow" : `--depth=1 ${fetch}`}`;
    return `${neither} The clone is shallow, the default of actions/checkout. Check out with fetch-depth: 0, or run ${command}.`;
  }
  return fetch === undefined
    ? `${neither} Check the spelling.`
    : `${neither} If the branch has not been fetched, run git fetch ${fetch}.`;
}
