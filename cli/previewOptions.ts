import { join, resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { UsageError } from "../offline/errors.ts";
import { readPolicyConfig } from "../offline/pack/policySettings.ts";
import type { PreviewOptions } from "../offline/preview.ts";
import { loadProject, nearestProject } from "../offline/project/project.ts";
import type { Project } from "../offline/project/project.ts";
import { loadStackFile } from "../offline/project/stackFile.ts";
import { loadAssumptions, configOf } from "./stackConfig.ts";

/** The organization name in Pulumi's self-managed backends. */
const ORGANIZATION = "organization";

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
export interface ProgramOptions extends PreviewOptions {
  /** Absolute path; absent if the stack has no file. */
  readonly stackFile?: string;
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

/** Adds the options of every command that reads a stack. */
export function addStackOptions(command: Command): Command {
  return command
    .argument("[directory]", HELP.directory)
    .option("-s, --stack <name>", HELP.stack)
    .option("--config-file <file>", HELP.configFile)
    .option(
      "--assume <file>",
      "YAML file with answers that a deployment would get from the cloud; see docs/assumptions.md",
    );
}

export function addPolicyOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--policy-pack <directory>", "a policy pack to run; repeatable")
        .default(true, "the pack of aks-istio")
        .argParser(collectValues),
    )
    .option("--no-policy-pack", "run without policy packs")
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
  home: string,
  directory: string | undefined,
  flags: StackFlags,
  policies: PolicyFlags,
): ProgramOptions {
  const project = projectOf(directory);
  const stack = loadStackFile(project, flags);
  const assumptions = loadAssumptions(flags.assume);
  return {
    project,
    organization: stack.organization ?? ORGANIZATION,
    stack: stack.stack,
    config: configOf(project, stack, assumptions),
    assumptions,
    ...(stack.hints === undefined ? {} : { warnings: stack.hints }),
    policyPacks: packsOf(home, policies),
    ...(stack.file === undefined ? {} : { stackFile: stack.file }),
    policyTimeout: policies.policyTimeout,
  };
}

function packsOf(
  home: string,
  { policyPack, policyPackConfig }: PolicyFlags,
): PreviewOptions["policyPacks"] {
  const directories =
    typeof policyPack === "boolean" ? (policyPack ? [join(home, "policy")] : []) : policyPack;
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
