import type { Assumptions } from "../../offline/engine/assumptions.ts";
import { UsageError } from "../../offline/errors.ts";
import type { Project } from "../../offline/project/project.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import { parseSettings } from "../../settings/parse.ts";
import type { ParsedSettings } from "../../settings/parse.ts";
import { configOf } from "../stackConfig.ts";

/** Sound settings, and what is worth a warning about them. */
export type StackSettings = Extract<ParsedSettings, { readonly settings: unknown }>;

/** Keys that the program of this repository declares, and hardly another one. */
const OWN_KEYS = ["cluster", "mesh", "access"];

/**
 * Refuses a project whose program is another one: its settings mean something else, or nothing.
 *
 * @throws UsageError
 */
export function expectOwnProgram({ name, file, config }: Project): void {
  const missing = OWN_KEYS.filter((key) => !(key in config || `${name}:${key}` in config));
  if (missing.length === 0) return;
  throw new UsageError(
    `${file} is the project of another program: it does not declare the settings ${missing.join(", ")}. ` +
      "This command reads the stacks of the aks-istio program only; run it in that project, or name its directory.",
  );
}

/**
 * The settings of a stack, read as the program would read them.
 *
 * @throws UsageError with everything that is wrong with the settings
 */
export function settingsOf(
  project: Project,
  stack: StackFile,
  assumptions: Assumptions,
): StackSettings {
  const config = configOf(project, stack, assumptions);
  const parsed = parseSettings({
    values: Object.fromEntries([...config].map(([key, { value }]) => [key, value])),
    isSecret: (key) => config.get(key)?.secret ?? false,
    project: project.name,
  });
  if ("settings" in parsed) return parsed;
  const where = stack.file ?? `the stack ${stack.stack}`;
  throw new UsageError(
    [`The settings in ${where} cannot be used:`, ...parsed.problems, ...(stack.hints ?? [])].join(
      "\n  ",
    ),
  );
}

/** A line where the answers have an environment that no stack file asked for; other answers are the program's to ask for. */
export function unusedEnvironment(assumptions: Assumptions): readonly string[] {
  return assumptions.unused().includes("environment")
    ? ["The stack has no ESC environment, so environment in the file of --assume adds nothing."]
    : [];
}
