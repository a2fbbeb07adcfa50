import { Assumptions } from "../offline/engine/assumptions.ts";
import { MistypedConfig, resolveConfig } from "../offline/project/config.ts";
import type { Config } from "../offline/project/config.ts";
import type { Project } from "../offline/project/project.ts";
import { passphraseDecrypter } from "../offline/project/secretsProvider.ts";
import type { StackFile } from "../offline/project/stackFile.ts";
import { undeclaredKeys } from "./stack/ownProgram.ts";
import { parsedConfig, unusable } from "./stack/parsedConfig.ts";

/**
 * Loads the answers from the `--assume` file; no answers if the option is absent.
 *
 * @throws UsageError
 */
export function loadAssumptions(file: string | undefined): Assumptions {
  return file === undefined ? Assumptions.none() : Assumptions.fromFile(file);
}

/**
 * The configuration of a stack, including the assumed values of its ESC environments.
 *
 * @throws UsageError
 */
export function configOf(project: Project, stack: StackFile, assumptions: Assumptions): Config {
  const decrypt = passphraseDecrypter(stack.encryptionSalt, process.env);
  const environment = stack.environments === undefined ? undefined : assumptions.environment();
  try {
    return resolveConfig(project, stack, decrypt, environment);
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
