import { Assumptions } from "../local/assumptions.ts";
import { resolveConfig } from "../local/config.ts";
import type { Config } from "../local/config.ts";
import type { Project } from "../local/project.ts";
import { passphraseDecrypter } from "../local/secretsProvider.ts";
import type { StackFile } from "../local/stackFile.ts";

/**
 * The answers in the file that `--assume` names, if it names one.
 *
 * @throws UsageError
 */
export function assumptionsIn(file: string | undefined): Assumptions {
  return file === undefined ? Assumptions.none() : Assumptions.fromFile(file);
}

/**
 * The configuration of a stack, with what its ESC environments are assumed to add.
 *
 * @throws UsageError
 */
export function configOf(project: Project, stack: StackFile, assumptions: Assumptions): Config {
  const decrypt = passphraseDecrypter(stack.encryptionSalt, process.env);
  const environment = stack.environments === undefined ? undefined : assumptions.environment();
  return resolveConfig(project, stack, decrypt, environment);
}
