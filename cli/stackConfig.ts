import { Assumptions } from "../offline/engine/assumptions.ts";
import { resolveConfig } from "../offline/project/config.ts";
import type { Config } from "../offline/project/config.ts";
import type { Project } from "../offline/project/project.ts";
import { passphraseDecrypter } from "../offline/project/secretsProvider.ts";
import type { StackFile } from "../offline/project/stackFile.ts";

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
  return resolveConfig(project, stack, decrypt, environment);
}
