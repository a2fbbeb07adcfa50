import type { Assumptions } from "../offline/engine/assumptions.ts";
import { MistypedConfig } from "../offline/project/config.ts";
import type { Config } from "../offline/project/config.ts";
import type { Project } from "../offline/project/project.ts";
import { stackConfig } from "../offline/project/stackConfig.ts";
import type { StackFile } from "../offline/project/stackFile.ts";
import { undeclaredKeys } from "./stack/ownProgram.ts";
import { parsedConfig, unusable } from "./stack/parsedConfig.ts";

/**
 * The configuration of a stack. If a value of this program's settings has the wrong type, the error lists every problem
 * in them.
 *
 * @throws UsageError
 */
export function configOf(project: Project, stack: StackFile, assumptions: Assumptions): Config {
  try {
    return stackConfig(project, stack, assumptions);
  } catch (error) {
    if (!(error instanceof MistypedConfig) || undeclaredKeys(project).length > 0) throw error;
    throw unusable(stack, problemsOf(project, error));
  }
}

/** Every problem in the settings: the program's own words about a value of the wrong type say more than its type. */
function problemsOf(project: Project, { config, mistyped }: MistypedConfig): readonly string[] {
  const parsed = parsedConfig(project, config);
  const problems = "problems" in parsed ? parsed.problems : [];
  const unsaid = [...mistyped].filter(
    ([key]) => !problems.some((problem) => problem.startsWith(`${key}: `)),
  );
  return [...problems, ...unsaid.map(([, problem]) => problem)];
}
