import { Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../offline/errors.ts";
import { loadStackFile } from "../offline/project/stackFile.ts";
import { loadAssumptions } from "../offline/stackOptions.ts";
import { AccessError } from "../operate/accessError.ts";
import { ApiServer } from "../operate/cluster/apiServer.ts";
import type { Observation } from "../operate/observation.ts";
import { CHECK_NAMES } from "../operate/verify/checks.ts";
import { untilHealthy } from "../operate/verify/untilHealthy.ts";
import { duration } from "./duration.ts";
import { addCheckOptions, finish, requireChecks } from "./operate/checkOptions.ts";
import type { CheckFlags } from "./operate/checkOptions.ts";
import { addClusterOptions } from "./operate/clusterOptions.ts";
import type { ClusterFlags } from "./operate/clusterOptions.ts";
import { HELP, collectValues, projectOf } from "./previewOptions.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { requireOwnProgram } from "./stack/ownProgram.ts";
import { settingsOf } from "./stack/stackSettings.ts";
import { configOf } from "./stackConfig.ts";
import { contextsOf } from "./verify/contexts.ts";
import type { NamedStack } from "./verify/contexts.ts";
import { stackNames } from "./stack/stackNames.ts";
import { ACCESS, clusterTarget, filesTarget } from "./verify/target.ts";
import type { LookOptions, StackToVerify, Target } from "./verify/target.ts";
import { wantedMesh } from "./verify/wantedMesh.ts";

interface VerifyFlags extends Omit<ClusterFlags, "context">, CheckFlags {
  readonly stack?: readonly string[];
  readonly context?: readonly string[];
  readonly configFile?: string;
  readonly assume?: string;
  readonly timeout?: number;
  readonly certificateDays: number;
}

const INTERVAL_MS = 10_000;

/** `aks-istio verify`: whether the mesh that runs is the one that was wanted, and healthy. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("Check whether the mesh that runs is the one that a stack wants, and healthy")
    .argument("[directory]", HELP.directory)
    .addOption(
      new Option(
        "-s, --stack <name>",
        "a stack to compare with, or a pattern such as prod-* (default: none, so what runs is compared with what ARM lists); repeatable",
      ).argParser(collectValues),
    )
    .option("--config-file <file>", HELP.configFile)
    .option(
      "--assume <file>",
      "YAML file with answers that a deployment would get from the cloud; see docs/assumptions.md",
    );
  addClusterOptions(
    command,
    new Option(
      "--context <name>",
      "context of the kubeconfig, or STACK=CONTEXT (default: the name of the stack's cluster, the stack's name, or the current context); repeatable",
    ).argParser(collectValues),
  );
  return addCheckOptions(command)
    .option("--timeout <duration>", "wait until nothing failed, such as 10m or 90s", duration)
    .option(
      "--certificate-days <days>",
      "report certificates that end in fewer days",
      wholeDays,
      21,
    )
    .action(async (directory: string | undefined, flags: VerifyFlags) => {
      requireChecks(flags, CHECK_NAMES);
      const targets = await targetsOf(directory, flags);
      const observations = await untilHealthy(() => lookAtAll(targets), {
        timeoutMs: (flags.timeout ?? 0) * 1000,
        intervalMs: INTERVAL_MS,
        mayHeal: ({ outcome, check }) => outcome === "failed" || check === ACCESS,
        onWait: tellProgress,
      });
      finish({ subject: targets.map(({ subject }) => subject).join("; "), observations }, flags);
    });
}

/** @throws UsageError or AccessError that names everything that is wrong with the options */
async function targetsOf(
  directory: string | undefined,
  flags: VerifyFlags,
): Promise<readonly Target[]> {
  const { from, complete = false, timeout, skip = [], certificateDays } = flags;
  const options = { skip, certificateDays };
  const stacks = stacksToVerify(directory, flags);
  if (from === undefined) {
    if (complete) throw new UsageError("--complete is about the files of --from. Name them, too.");
    return liveTargets(stacks, flags, options);
  }
  const [stack, ...more] = stacks;
  if (more.length > 0) throw new UsageError("--from is about one cluster. Name one --stack.");
  if (timeout !== undefined) {
    throw new UsageError("--timeout waits for a cluster, and files do not change. Leave it out.");
  }
  return [filesTarget(from, complete, stack, options)];
}

interface NamedStackToVerify extends NamedStack, StackToVerify {}

function stacksToVerify(
  directory: string | undefined,
  { stack: given = [], configFile, assume }: VerifyFlags,
): readonly NamedStackToVerify[] {
  if (given.length === 0 && configFile === undefined) return [];
  const project = projectOf(directory);
  requireOwnProgram(project);
  const names = given.length === 0 ? [undefined] : stackNames(project, given);
  if (names.length > 1 && configFile !== undefined) {
    throw new UsageError("--config-file is the file of one stack. Name one --stack.");
  }
  const assumptions = loadAssumptions(assume);
  return names.map((name) => {
    const file = loadStackFile(project, { stack: name, configFile });
    const { settings } = settingsOf(project, file, assumptions);
    if (settings.certificates?.phase === "vault") {
      throw new UsageError(
        `The stack ${file.stack} has no cluster yet: certificates.phase is vault. Deploy it with the next phase first.`,
      );
    }
    return {
      stack: file.stack,
      clusterName: settings.cluster.clusterName,
      wanted: wantedMesh(file.stack, settings),
      config: configOf(project, file, assumptions),
    };
  });
}

async function liveTargets(
  stacks: readonly NamedStackToVerify[],
  { kubeconfig, context = [] }: VerifyFlags,
  options: LookOptions,
): Promise<readonly Target[]> {
  const choice = kubeconfig === undefined ? {} : { kubeconfig };
  const open = (name: string | undefined) =>
    ApiServer.of({ ...choice, ...(name === undefined ? {} : { context: name }) });
  if (stacks.length === 0) {
    if (context.length > 1) {
      throw new UsageError("Without --stack, only one --context can be verified. Name one.");
    }
    return [clusterTarget(await open(context[0]), undefined, options)];
  }
  const contexts = contextsOf(stacks, context, await ApiServer.contexts(choice));
  const problems: string[] = [];
  const targets: Target[] = [];
  for (const [index, stack] of stacks.entries()) {
    try {
      targets.push(clusterTarget(await open(contexts[index]), stack, options));
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new AccessError([...new Set(problems)].join("\n"));
  return targets;
}

/** With several stacks, each observation begins with the name of its stack. */
async function lookAtAll(targets: readonly Target[]): Promise<readonly Observation[]> {
  const looks = await Promise.all(
    targets.map(async ({ stack, look }) => {
      const observations = await look();
      if (targets.length === 1) return observations;
      return observations.map((one) => ({ ...one, subject: `${stack ?? ""}: ${one.subject}` }));
    }),
  );
  return looks.flat();
}

function tellProgress(waitingFor: readonly Observation[], leftMs: number): void {
  const checks = [...new Set(waitingFor.map(({ check }) => check))].join(", ");
  const left = Math.ceil(leftMs / 1000);
  process.stderr.write(
    escapeMessage(`Waiting for ${waitingFor.length} of ${checks}; at most ${left} s more\n`),
  );
}

function wholeDays(value: string): number {
  if (/^\d{1,4}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a number of days from 0 to 9999.");
}
