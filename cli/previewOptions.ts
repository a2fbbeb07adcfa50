import { join, resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { UsageError } from "../offline/errors.ts";
import { readPolicyConfig } from "../offline/pack/policySettings.ts";
import type { PreviewOptions } from "../offline/preview.ts";
import { loadProject, nearestProject } from "../offline/project/project.ts";
import type { Project } from "../offline/project/project.ts";
import { loadStackFile } from "../offline/project/stackFile.ts";
import { assumptionsIn, configOf } from "./stackConfig.ts";

/** The organization that Pulumi's self-managed backends use. */
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

/** What a preview runs with, and the stack file that it was configured by. */
export interface ProgramOptions extends PreviewOptions {
  /** Absolute; absent for a stack without a file. */
  readonly stackFile?: string;
}

/** Collects the values of an option that may be repeated. */
export const several = (value: string, previous: readonly string[] | boolean) => [
  ...(Array.isArray(previous) ? (previous as readonly string[]) : []),
  value,
];

/** What every command offers that reads a stack of a project. */
export function addStackOptions(command: Command): Command {
  return command
    .argument("[directory]", "the Pulumi program (default: that of the current directory)")
    .option("-s, --stack <name>", "the stack (default: the only one with a file, or dev)")
    .option(
      "--config-file <file>",
      "use this stack file instead of Pulumi.<stack>.yaml; it names the stack, unless --stack does",
    )
    .option(
      "--assume <file>",
      "answers to what a deployment would ask a cloud, as YAML; see docs/assumptions.md",
    );
}

export function addPolicyOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--policy-pack <directory>", "a policy pack; may be repeated")
        .default(true, "policy")
        .argParser(several),
    )
    .option("--no-policy-pack", "run no policy pack")
    .addOption(
      new Option("--policy-pack-config <file>", "JSON configuration, one for each --policy-pack")
        .default([], "none")
        .argParser(several),
    )
    .addOption(
      new Option(
        "--policy-timeout <seconds>",
        "stop when a policy pack answers nothing for so long (default: 600)",
      ).argParser(seconds),
    );
}

/**
 * The project that a command is about: never the tool's own, unless that is where it runs.
 *
 * @throws UsageError
 */
export function projectOf(directory: string | undefined): Project {
  return directory === undefined ? nearestProject(process.cwd()) : loadProject(directory);
}

function seconds(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= SECONDS_OF_A_DAY) return number;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${SECONDS_OF_A_DAY}.`);
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
  const assumptions = assumptionsIn(flags.assume);
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
      `The number of --policy-pack-config files (${policyPackConfig.length}) must be that of policy packs (${directories.length}). Give one for each --policy-pack, in the same order, or none.`,
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
