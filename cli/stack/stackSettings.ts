import type { Assumptions } from "../../offline/engine/assumptions.ts";
import type { Project } from "../../offline/project/project.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import type { ParsedSettings } from "../../settings/parse.ts";
import { configOf } from "../stackConfig.ts";
import { parsedConfig, unusable } from "./parsedConfig.ts";

/** Valid settings, and the warnings about them. */
export type StackSettings = Extract<ParsedSettings, { readonly settings: unknown }>;

/**
 * The settings of a stack, read as the program would read them.
 *
 * @throws UsageError that lists every problem in the settings
 */
export function settingsOf(
  project: Project,
  stack: StackFile,
  assumptions: Assumptions,
): StackSettings {
  const parsed = parsedConfig(project, configOf(project, stack, assumptions));
  if ("settings" in parsed) return parsed;
  throw unusable(stack, parsed.problems);
}

/**
 * A warning if the answers have an environment, but the stack file does not ask for one. Only a run of the program can
 * tell whether other answers are used.
 */
export function unusedEnvironment(assumptions: Assumptions): readonly string[] {
  return assumptions.unused().includes("environment")
    ? ["The stack has no ESC environment, so environment in the --assume file has no effect."]
    : [];
}
