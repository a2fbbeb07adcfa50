import { Assumptions } from "./engine/assumptions.ts";
import type { PreviewOptions } from "./preview.ts";
import type { Project } from "./project/project.ts";
import { stackConfig } from "./project/stackConfig.ts";
import { loadStackFile } from "./project/stackFile.ts";

/** The organization name in Pulumi's self-managed backends. */
const ORGANIZATION = "organization";

/** The stack to preview. */
export interface StackChoice {
  /** @default - the stack of `configFile`, the only stack that has a file, or `dev` */
  readonly stack?: string | undefined;
  /** A stack file. @default - `Pulumi.<stack>.yaml` of the project */
  readonly configFile?: string | undefined;
  /** A YAML file with answers that a deployment would get from the cloud. */
  readonly assume?: string | undefined;
}

/** The options of a preview that depend on its stack. */
export interface StackOptions extends Pick<
  PreviewOptions,
  "project" | "organization" | "stack" | "config" | "assumptions" | "warnings"
> {
  /** Absolute path; absent if the stack has no file. */
  readonly stackFile?: string;
}

/** @throws UsageError */
export function stackOptions(
  project: Project,
  choice: StackChoice,
  configOf: typeof stackConfig = stackConfig,
): StackOptions {
  const stack = loadStackFile(project, choice);
  const assumptions = loadAssumptions(choice.assume);
  return {
    project,
    organization: stack.organization ?? ORGANIZATION,
    stack: stack.stack,
    config: configOf(project, stack, assumptions),
    assumptions,
    ...(stack.hints === undefined ? {} : { warnings: stack.hints }),
    ...(stack.file === undefined ? {} : { stackFile: stack.file }),
  };
}

/**
 * Loads the answers from a file of assumptions; no answers without one.
 *
 * @throws UsageError
 */
export function loadAssumptions(file: string | undefined): Assumptions {
  return file === undefined ? Assumptions.none() : Assumptions.fromFile(file);
}
