import type { Assumptions } from "../engine/assumptions.ts";
import { resolveConfig } from "./config.ts";
import type { Config } from "./config.ts";
import type { Project } from "./project.ts";
import { passphraseDecrypter } from "./secretsProvider.ts";
import type { StackFile } from "./stackFile.ts";

/**
 * The configuration of a stack, including the assumed values of its ESC environments.
 *
 * @throws UsageError
 */
export function stackConfig(project: Project, stack: StackFile, assumptions: Assumptions): Config {
  const decrypt = passphraseDecrypter(stack.encryptionSalt, process.env);
  const environment = stack.environments === undefined ? undefined : assumptions.environment();
  return resolveConfig(project, stack, decrypt, environment);
}
