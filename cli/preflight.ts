import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { UsageError } from "../offline/errors.ts";
import { loadStackFile } from "../offline/project/stackFile.ts";
import { loadAssumptions } from "../offline/stackOptions.ts";
import { connect } from "../operate/azure/azure.ts";
import type { Azure } from "../operate/azure/azure.ts";
import type { ClusterState } from "../operate/cluster/clusterState.ts";
import { LEFTOVER_KINDS } from "../operate/preflight/leftovers.ts";
import { CHECKS, preflight } from "../operate/preflight/preflight.ts";
import { register, unregistered } from "../operate/preflight/registration.ts";
import type { Wanted } from "../operate/preflight/wanted.ts";
import { duration } from "./duration.ts";
import { agreesToRegister } from "./operate/agreement.ts";
import { addAzureOptions, azureChoiceOf } from "./operate/azureOptions.ts";
import type { AzureFlags } from "./operate/azureOptions.ts";
import { addClusterOptions, readState } from "./operate/clusterOptions.ts";
import type { ClusterFlags } from "./operate/clusterOptions.ts";
import { addCheckOptions, finish, requireChecks } from "./operate/checkOptions.ts";
import type { CheckFlags } from "./operate/checkOptions.ts";
import { wantedOf } from "./operate/wantedOf.ts";
import { addStackOptions, projectOf } from "./previewOptions.ts";
import type { StackFlags } from "./previewOptions.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { configOf } from "./stackConfig.ts";
import { requireOwnProgram } from "./stack/ownProgram.ts";
import { settingsOf } from "./stack/stackSettings.ts";

interface PreflightFlags extends StackFlags, AzureFlags, ClusterFlags, CheckFlags {
  readonly cluster?: string;
  readonly fix?: boolean;
  readonly yes?: boolean;
  readonly timeout?: number;
}

const TIMEOUT_SECONDS = 15 * 60;

/** `aks-istio preflight`: whether Azure would let a stack be deployed. */
export function preflightCommand(): Command {
  const command = new Command("preflight").description(
    "Ask Azure whether a stack can be deployed: rights, providers, versions, quota, names, addresses",
  );
  addClusterOptions(addAzureOptions(addStackOptions(command)));
  return addCheckOptions(command)
    .option("--cluster <name>", "the name of the cluster that the stack has created before")
    .option("--fix", "register resource providers and features that are missing, after asking")
    .option("--yes", "with --fix: do not ask")
    .option(
      "--timeout <duration>",
      "with --fix: wait this long for registrations (default: 15m)",
      duration,
    )
    .action(async (directory: string | undefined, flags: PreflightFlags) => {
      requireChecks(
        flags,
        CHECKS.map(({ name }) => name),
      );
      for (const name of ["yes", "timeout"] as const) {
        if (flags[name] === undefined || flags.fix === true) continue;
        throw new UsageError(`--${name} is about --fix. Pass --fix, too.`);
      }
      if (flags.fix === true && flags.yes !== true && !process.stdin.isTTY) {
        throw new UsageError("--fix asks before it registers. Where nobody can answer, add --yes.");
      }
      const project = projectOf(directory);
      requireOwnProgram(project);
      const stack = loadStackFile(project, flags);
      const assumptions = loadAssumptions(flags.assume);
      const { settings } = settingsOf(project, stack, assumptions);
      const wanted = wantedOf(settings, {
        project: project.name,
        stack: stack.stack,
        existingCluster: flags.cluster,
      });
      const config = configOf(project, stack, assumptions);
      const state = await stateOf(flags);
      const azure = await connect(azureChoiceOf(flags, process.env, config));
      if (flags.fix === true) await fix(azure, wanted, flags);
      const observations = await preflight(azure, wanted, { skip: flags.skip, state });
      finish({ subject: `stack ${stack.stack} in ${settings.location}`, observations }, flags);
    });
}

/** The objects of an existing cluster, if the user names it; a cluster of a first deployment does not exist yet. */
async function stateOf(flags: PreflightFlags): Promise<ClusterState | undefined> {
  const { kubeconfig, context, from, complete } = flags;
  const named = [kubeconfig, context, from, complete].some((flag) => flag !== undefined);
  return named ? (await readState(flags, LEFTOVER_KINDS)).state : undefined;
}

async function fix(
  azure: Azure,
  wanted: Wanted,
  { yes, timeout = TIMEOUT_SECONDS }: PreflightFlags,
): Promise<void> {
  const missing = await unregistered(azure, wanted);
  const names = [...missing.providers, ...missing.features];
  if (names.length === 0) return;
  if (yes !== true && !(await agreesToRegister(missing, azure.subscriptionId, process))) return;
  await register(azure, missing, { timeout: timeout * 1000, wait: sleep, tell });
}

function tell(text: string): void {
  process.stderr.write(escapeMessage(`${text}\n`));
}
