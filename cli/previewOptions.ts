import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { UsageError } from "../offline/errors.ts";
import { readPolicyConfig } from "../offline/pack/policySettings.ts";
import type { PreviewOptions } from "../offline/preview.ts";
import { loadProject, nearestProject } from "../offline/project/project.ts";
import type { Project } from "../offline/project/project.ts";
import type { stackConfig } from "../offline/project/stackConfig.ts";
import { stackOptions } from "../offline/stackOptions.ts";
import type { StackOptions } from "../offline/stackOptions.ts";

const SECONDS_OF_A_DAY = 86_400;

export interface StackFlags {
  readonly stack?: string;
  readonly configFile?: string;
  readonly assume?: string;
}

export interface PolicyFlags {
  readonly policyPack: readonly string[] | boolean;
  readonly policyPackConfig: readonly string[];
  readonly policyTimeout?: number;
}

/** The options of a preview, with the stack file they come from. */
export type ProgramOptions = PreviewOptions & StackOptions;

/** What depends on the package whose command previews. */
export interface PreviewDefaults {
  /** The directory of the pack that runs without `--policy-pack`; undefined if none does. */
  readonly pack: string | undefined;
  /** Reads the configuration of a stack. */
  readonly configOf: typeof stackConfig;
}

/** The help of arguments and options that several commands have. */
export const HELP = {
  directory:
    "the directory of the Pulumi project (default: the current directory or the nearest one above it)",
  stack: "the stack (default: the only stack that has a file, else dev)",
  configFile:
    "read this stack file instead of Pulumi.<stack>.yaml; without --stack, the stack is named after it",
} as const;

/** Collects the values of a repeatable option. */
export const collectValues = (value: string, previous: readonly string[] | boolean) => [
  ...(Array.isArray(previous) ? (previous as readonly string[]) : []),
  value,
];

/** The option of a command that reads one stack. */
const ONE_STACK = new Option("-s, --stack <name>", HELP.stack);

/** Adds the options of every command that reads a stack. */
export function addStackOptions(command: Command, stack = ONE_STACK): Command {
  return command
    .argument("[directory]", HELP.directory)
    .addOption(stack)
    .option("--config-file <file>", HELP.configFile)
    .option(
      "--assume <file>",
      "YAML file with answers that a deployment would get from the cloud; see docs/assumptions.md",
    );
}

export function addPolicyOptions(command: Command, pack: string | undefined): Command {
  const choice = new Option("--policy-pack <directory>", "a policy pack to run; repeatable");
  if (pack === undefined) command.addOption(choice.default(false, "none").argParser(collectValues));
  else {
    command
      .addOption(choice.default(true, "the pack of aks-istio").argParser(collectValues))
      .option("--no-policy-pack", "run without policy packs");
  }
  return command
    .addOption(
      new Option(
        "--policy-pack-config <file>",
        "JSON configuration of a pack, one for each --policy-pack in the same order",
      )
        .default([], "none")
        .argParser(collectValues),
    )
    .addOption(
      new Option(
        "--policy-timeout <seconds>",
        "fail if a policy pack does not answer for this long (default: 600)",
      ).argParser(seconds),
    );
}

/**
 * The project that a command works on: the one in the directory, or else in the current directory or the nearest one
 * above it.
 *
 * @throws UsageError
 */
export function projectOf(directory: string | undefined): Project {
  return directory === undefined ? nearestProject(process.cwd()) : loadProject(directory);
}

function seconds(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= SECONDS_OF_A_DAY) return number;
  throw new InvalidArgumentError(`It must be an integer from 1 to ${SECONDS_OF_A_DAY}.`);
}

/** @throws UsageError */
export function toPreviewOptions(
  { pack, configOf }: PreviewDefaults,
  directory: string | undefined,
  flags: StackFlags,
  policies: PolicyFlags,
): ProgramOptions {
  return {
    ...stackOptions(projectOf(directory), flags, configOf),
    policyPacks: packsOf(pack, policies),
    policyTimeout: policies.policyTimeout,
  };
}

function packsOf(
  pack: string | undefined,
  { policyPack, policyPackConfig }: PolicyFlags,
): PreviewOptions["policyPacks"] {
  const defaults = policyPack === true && pack !== undefined ? [pack] : [];
  const directories = typeof policyPack === "boolean" ? defaults : policyPack;
  if (policyPackConfig.length > 0 && policyPackConfig.length !== directories.length) {
    throw new UsageError(
      `The number of --policy-pack-config files (${policyPackConfig.length}) must equal the number of policy packs (${directories.length}). Pass one for each --policy-pack, in the same order, or none.`,
    );
  }
  return directories.map((directory, i) => {
    const file = policyPackConfig[i];
    return {
      directory: resolve(directory),
      config: file === undefined ? {} : readPolicyConfig(file),
    };
  });
}
