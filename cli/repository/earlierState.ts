import { existsSync, statSync } from "node:fs";
import { UsageError } from "../../offline/errors.ts";
import { commitOf, gitProblem, isShallow } from "./gitFile.ts";

/** What a user names as an earlier state: a file, or a revision of Git. */
export type EarlierState = { readonly file: string } | { readonly commit: string };

/**
 * What the value of an option names.
 *
 * @param option such as `--before`
 * @param directory in the repository whose revisions are meant
 * @throws UsageError if it is neither a file nor a revision, or could be both
 */
export function earlierState(option: string, value: string, directory: string): EarlierState {
  const isFile = existsSync(value) && !statSync(value).isDirectory();
  const commit = commitOf(directory, value);
  if (isFile && commit !== undefined) {
    throw new UsageError(
      `${option} ${value} names both a file and a Git revision. Use ./${value} for the file, or ${value}~0 for the revision.`,
    );
  }
  if (isFile) return { file: value };
  if (commit === undefined) throw new UsageError(unknown(option, value, directory));
  return { commit };
}

/** Why there is nothing to compare with, and how to fix that. */
function unknown(option: string, value: string, directory: string): string {
  const problem = gitProblem(directory);
  if (problem !== undefined) {
    return `${option} ${value}: the file does not exist, and Git cannot read a revision in ${directory}: ${problem}.`;
  }
  const neither = `${option} ${value} is neither a file nor a Git revision in ${directory}.`;
  const [, remote, branch] = /^([\w.-]+)\/([\w./-]+)$/.exec(value) ?? [];
  const fetch =
    remote === undefined || branch === undefined || /\.(ya?ml|json)$/.test(branch)
      ? undefined
      : `${remote} +${branch}:refs/remotes/${value}`;
  if (isShallow(directory)) {
    const command = `git fetch ${fetch === undefined ? "--unshallow" : `--depth=1 ${fetch}`}`;
    return `${neither} The clone is shallow, the default of actions/checkout. Check out with fetch-depth: 0, or run ${command}.`;
  }
  return fetch === undefined
    ? `${neither} Check the spelling.`
    : `${neither} If the branch has not been fetched, run git fetch ${fetch}.`;
}
