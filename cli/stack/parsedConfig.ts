import { UsageError } from "../../offline/errors.ts";
import type { Config } from "../../offline/project/config.ts";
import type { Project } from "../../offline/project/project.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import { parseSettings } from "../../settings/parse.ts";
import type { ParsedSettings } from "../../settings/parse.ts";

/** The settings in a configuration, or their problems. */
export function parsedConfig(project: Project, config: Config): ParsedSettings {
  return parseSettings({
    values: Object.fromEntries([...config].map(([key, { value }]) => [key, value])),
    isSecret: (key) => config.get(key)?.secret ?? false,
    project: project.name,
  });
}

/** An error that lists the problems in the settings of a stack. */
export function unusable(stack: StackFile, problems: readonly string[]): UsageError {
  const where = stack.file ?? `the stack ${stack.stack}`;
  return new UsageError(
    [`The settings in ${where} cannot be used:`, ...problems, ...(stack.hints ?? [])].join("\n  "),
  );
}
