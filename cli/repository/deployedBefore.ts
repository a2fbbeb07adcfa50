import { dirname } from "node:path";
import { UsageError, messageOf } from "../../offline/errors.ts";
import type { Project } from "../../offline/project/project.ts";
import { loadStackFile, parseStackFile } from "../../offline/project/stackFile.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import { earlierState } from "./earlierState.ts";
import { readFileAt } from "./gitFile.ts";

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
  const state = earlierState("--before", before, directory);
  if ("file" in state) return loadStackFile(project, { stack: now.stack, configFile: state.file });
  if (now.file === undefined) return undefined;
  const name = `${now.file} at ${before}`;
  const text = textAt(state.commit, now.file, name);
  return text === undefined ? undefined : parseStackFile(now.stack, text, name);
}

function textAt(commit: string, file: string, name: string): string | undefined {
  try {
    return readFileAt(commit, file);
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${messageOf(error)}`);
  }
}
