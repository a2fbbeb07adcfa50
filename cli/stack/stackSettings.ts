import type { Assumptions } from "../../offline/engine/assumptions.ts";
import { UsageError } from "../../offline/errors.ts";
import type { Project } from "../../offline/project/project.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import { parseSettings } from "../../settings/parse.ts";
import type { ParsedSettings } from "../../settings/parse.ts";
import { configOf } from "../stackConfig.ts";

/** Valid settings, and the warnings about them. */
export type StackSettings = Extract<ParsedSettings, { readonly settings: unknown }>;

/** Keys that the program of this repository declares, and others are unlikely to. */
const OWN_KEYS = ["cluster", "mesh", "access"];

/**
 * Refuses the project of another program, whose settings mean something else.
 *
 * @throws UsageError
 */
export function requireOwnProgram({ name, file, config }: Project): void {
  const missing = OWN_KEYS.filter((key) => !(key in config || `${name}:${key}` in config));
  if (missing.length === 0) return;
  throw new UsageError(
    `${file} belongs to another program: it does not declare the settings ${missing.join(", ")}. ` +
      "This command only reads stacks of the aks-istio program. Run it in that project, or pass its directory.",
  );
}

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

/**
 * A warning if the answers have an environment, but the stack file does not ask for one. Only a run of the program can
 * tell whether other answers are used.
 */
export function unusedEnvironment(assumptions: Assumptions): readonly string[] {
  return assumptions.unused().includes("environment")
    ? ["The stack has no ESC environment, so environment in the --assume file has no effect."]
    : [];
}
