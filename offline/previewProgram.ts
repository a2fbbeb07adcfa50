import { resolve } from "node:path";
import { GitTrees } from "./contents/gitTrees.ts";
import { readPolicyConfig } from "./pack/policySettings.ts";
import type { PolicyConfigFile } from "./pack/policySettings.ts";
import type { Plan } from "./plan/plan.ts";
import { preview } from "./preview.ts";
import { loadProject } from "./project/project.ts";
import { stackOptions } from "./stackOptions.ts";
import type { StackChoice } from "./stackOptions.ts";

/** The directory of a policy pack, alone or with its configuration. */
export type PackChoice =
  | string
  | {
      readonly directory: string;
      /** Levels and settings by policy, or the JSON file that has them. */
      readonly config: string | PolicyConfigFile;
    };

/** Which stack to preview, and how long to wait for a pack. */
export interface ProgramPreviewOptions extends StackChoice {
  /** How many seconds a pack may take without an answer. @default 600 */
  readonly policyTimeout?: number;
}

/**
 * Previews the first deployment of a Pulumi program, offline, and judges it with policy packs. Violations do not reject:
 * they are in the plan.
 *
 * @param directory the directory with `Pulumi.yaml`
 * @throws UsageError if the program or a pack fails, or the configuration cannot be used
 */
export async function previewProgram(
  directory: string,
  packs: readonly PackChoice[] = [],
  { policyTimeout, ...choice }: ProgramPreviewOptions = {},
): Promise<Plan> {
  const project = loadProject(directory);
  return await preview({
    ...stackOptions(project, choice),
    policyPacks: packs.map(packOf),
    gitTrees: new GitTrees(project.directory, []),
    policyTimeout,
  });
}

function packOf(choice: PackChoice): { directory: string; config: PolicyConfigFile } {
  if (typeof choice === "string") return { directory: resolve(choice), config: {} };
  const { directory, config } = choice;
  return {
    directory: resolve(directory),
    config: typeof config === "string" ? readPolicyConfig(config) : config,
  };
}
