import { Command, InvalidArgumentError, Option } from "commander";
import { isMeshRevision } from "../mesh/revision.ts";
import type { MeshRevision } from "../mesh/revision.ts";
import type { Day } from "../mesh/support.ts";
import { planMesh } from "../mesh/upgrade.ts";
import type { UpgradePhase } from "../mesh/upgrade.ts";
import { UsageError } from "../offline/errors.ts";
import { loadStackFile } from "../offline/project/stackFile.ts";
import type { StackFile } from "../offline/project/stackFile.ts";
import { loadAssumptions } from "../offline/stackOptions.ts";
import type { AzureChoice } from "../operate/azure/azure.ts";
import { exitCodeOf } from "../operate/observation.ts";
import { UPGRADE_CHECKS } from "../operate/upgrade/checks.ts";
import { judgeSettingsChange } from "../settings/change.ts";
import type { Settings } from "../settings/schema.ts";
import { dayOf, today } from "./day.ts";
import { duration } from "./duration.ts";
import { addCheckOptions, finish, requireChecks, withoutSkipped } from "./operate/checkOptions.ts";
import type { CheckFlags } from "./operate/checkOptions.ts";
import { addClusterOptions } from "./operate/clusterOptions.ts";
import type { ClusterFlags } from "./operate/clusterOptions.ts";
import { stylesFor } from "./output/styles.ts";
import { loadStackBefore } from "./repository/deployedBefore.ts";
import { addStackOptions, collectValues, projectOf } from "./previewOptions.ts";
import type { StackFlags } from "./previewOptions.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { printReport, reportData } from "./reports/observations.ts";
import type { CheckReport } from "./reports/observations.ts";
import { changeLines, changeText, upgradeStatus, upgradeText } from "./reports/upgrade.ts";
import type { Comparison } from "./reports/upgrade.ts";
import { stepText } from "./reports/upgradeStep.ts";
import { requireOwnProgram } from "./stack/ownProgram.ts";
import { settingsOf, unusedEnvironment } from "./stack/stackSettings.ts";
import { azureChoiceFor } from "./upgrade/azureMesh.ts";
import { blockersOf, namesCluster } from "./upgrade/blockers.ts";
import { editedStep, meshStateOf, writeStep } from "./upgrade/editStep.ts";
import { runCommands } from "./upgrade/runCommands.ts";
import type { RunOptions } from "./upgrade/runUpgrade.ts";
import { runSeveral, severalStatuses } from "./upgrade/severalStacks.ts";
import { stackNames } from "./stack/stackNames.ts";
import type { ValidStack } from "./upgrade/validStack.ts";

interface UpgradeFlags extends Omit<StackFlags, "stack">, ClusterFlags, CheckFlags, RunFlags {
  readonly stack?: readonly string[];
  readonly before?: string;
  readonly json?: boolean;
  readonly next?: boolean;
  readonly back?: boolean;
  readonly to?: MeshRevision;
  readonly dryRun?: boolean;
  readonly day: Day;
}

interface RunFlags {
  readonly run?: boolean;
  readonly stopAfter?: UpgradePhase;
  readonly wave: number;
  /** Seconds. */
  readonly timeout: number;
  readonly policyPack: boolean;
}

const ILLEGAL_EXIT_CODE = 1;
const FIFTEEN_MINUTES = 900;
const PHASES: readonly UpgradePhase[] = ["prepared", "canary", "promoted"];
const CHECK_NAMES = UPGRADE_CHECKS.map(({ name }) => name);

/** `aks-istio upgrade`: the state of a mesh upgrade, its next step, and whether a change of its settings is legal. */
export function upgradeCommand(pack: string): Command {
  const command = new Command("upgrade").description(
    "Show the state of a canary upgrade, the next step, and how to roll back",
  );
  addClusterOptions(
    addStackOptions(
      command,
      new Option(
        "-s, --stack <name>",
        "a stack, or a pattern such as prod-* (default: the only stack that has a file, else dev); several show their state or run one after the other; repeatable",
      ).argParser(collectValues),
    ),
  );
  return addCheckOptions(command)
    .addOption(
      new Option(
        "--before <file or revision>",
        "check whether one deployment may go from this earlier state to the current settings; a stack file or a Git revision such as origin/main",
      ).conflicts(["next", "back"]),
    )
    .addOption(new Option("--json", "the same as --output json").conflicts(["next", "back"]))
    .addOption(new Option("--next", "edit the stack file to the next step").conflicts("back"))
    .option("--back", "edit the stack file to the step back")
    .option(
      "--to <revision>",
      "with --next or --run: the revision to upgrade to, such as asm-1-31",
      revision,
    )
    .option("--dry-run", "with --next, --back or --run: show what would be done, and do nothing")
    .addOption(
      new Option(
        "--run",
        "take every step to the end, or with --back to the beginning: edit, deploy, restart, verify; stop at the first doubt",
      ).conflicts(["next", "before", "json", "from", "configFile"]),
    )
    .addOption(new Option("--stop-after <phase>", "with --run: end in this phase").choices(PHASES))
    .option("--wave <count>", "with --run: how many workloads restart at the same time", count, 5)
    .addOption(
      new Option(
        "--timeout <duration>",
        "with --run: how long each restart and each verification may take",
      )
        .argParser(duration)
        .default(FIFTEEN_MINUTES, "15m"),
    )
    .option("--no-policy-pack", "with --run: deploy without the policies of this project")
    .option("--day <date>", "the day on which support is judged", dayOf, today())
    .action(async (directory: string | undefined, flags: UpgradeFlags, typed: Command) => {
      requireStep(flags);
      requireChecks(flags, CHECK_NAMES);
      const stacks = stacksOf(directory, flags);
      const [stack] = stacks;
      if (stack === undefined) return;
      if (flags.run === true) await runSeveral(pack, stacks, runOptions(directory, flags, typed));
      else if (stacks.length > 1) {
        const output = flags.json === true ? "json" : flags.output;
        process.stdout.write(severalStatuses(stacks, output, flags.day));
      } else if (flags.next === true || flags.back === true) await takeStep(stack, flags);
      else await showStatus(stack, flags);
    });
}

function revision(text: string): MeshRevision {
  if (isMeshRevision(text)) return text;
  throw new InvalidArgumentError("Write a revision such as asm-1-31.");
}

/** @throws UsageError for options that do not go together */
function requireStep({ next, back, run, to, dryRun, stopAfter, output }: UpgradeFlags): void {
  const acts = [next, back, run].includes(true);
  if (to !== undefined && (back === true || ![next, run].includes(true))) {
    throw new UsageError(
      "--to is the target of an upgrade that --next or --run starts. Pass one of them, too.",
    );
  }
  if (acts && output !== "table") {
    throw new UsageError(`--next, --back and --run print text, not ${output}. Leave out --output.`);
  }
  if (dryRun === true && !acts) {
    throw new UsageError(
      "--dry-run shows what --next, --back or --run would do. Pass one of them, too.",
    );
  }
  if (stopAfter !== undefined && run !== true) {
    throw new UsageError("--stop-after ends a run. Pass --run, too.");
  }
}

function runOptions(
  directory: string | undefined,
  flags: UpgradeFlags,
  typed: Command,
): RunOptions {
  const { back, to, day, stopAfter, dryRun = false, wave, timeout, policyPack } = flags;
  const { kubeconfig, context, skip = [] } = flags;
  return {
    choice: { direction: back === true ? "back" : "next", to },
    day,
    stopAfter,
    dryRun,
    waveSize: wave,
    timeoutMs: timeout * 1000,
    policyPack,
    skip,
    commands: (stack) => runCommands(typed, directory, stack),
    cluster: {
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    },
  };
}

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number of 1 or more.");
}

/** @throws UsageError if the settings are invalid, or an option is about one stack */
function stacksOf(
  directory: string | undefined,
  { stack: given = [], configFile, assume, ...flags }: UpgradeFlags,
): readonly ValidStack[] {
  const project = projectOf(directory);
  requireOwnProgram(project);
  const assumptions = loadAssumptions(assume);
  const names = given.length === 0 ? [undefined] : stackNames(project, given);
  const acts = flags.run !== true && (flags.next === true || flags.back === true);
  const isOfOne =
    acts || flags.before !== undefined || configFile !== undefined || namesCluster(flags);
  if (names.length > 1 && isOfOne) {
    throw new UsageError(
      "--next, --back without --run, --before, --config-file and the options of a cluster are about one stack. Name one --stack.",
    );
  }
  return names.map((name) => {
    const stack = loadStackFile(project, { stack: name, configFile });
    const { settings } = settingsOf(project, stack, assumptions);
    return { project, stack, settings, assumptions };
  });
}

/** Edits the stack file to the next step or the step back, unless the cluster stands in the way. */
async function takeStep(
  { project, stack, settings, assumptions }: ValidStack,
  flags: UpgradeFlags,
): Promise<void> {
  const { next, to, dryRun = false, day } = flags;
  const direction = next === true ? "next" : "back";
  const edited = editedStep(project, stack, settings, assumptions, { direction, to });
  warn(edited.warnings.map(({ message }) => `warning: ${message}`));
  const { before, step } = edited;
  if (namesCluster(flags)) {
    const choice = azureChoiceFor({ project, stack, assumptions });
    finish(await blockersOf(flags, choice, before, step, settings, day), flags);
  }
  const isBlocked = (process.exitCode ?? 0) !== 0;
  if (!dryRun && !isBlocked) writeStep(edited);
  const written = isBlocked ? "blocked" : dryRun ? "dry-run" : "written";
  process.stdout.write(escapeMessage(stepText(edited, stack.stack, written)));
}

/** Shows the state of the upgrade, what stands in the way, and whether the settings are a legal step from others. */
async function showStatus(
  { project, stack, settings, assumptions }: ValidStack,
  flags: UpgradeFlags,
): Promise<void> {
  const { before, day } = flags;
  const compareWith = (from: string): Comparison => {
    const earlier: StackFile | undefined = loadStackBefore(project, stack, from);
    if (earlier === undefined) return { from, change: undefined };
    const { settings: was } = settingsOf(project, earlier, assumptions);
    return { from, change: judgeSettingsChange(was, settings) };
  };
  const comparison = before === undefined ? undefined : compareWith(before);
  warn(unusedEnvironment(assumptions).map((warning) => `warning: ${warning}`));
  const problems = comparison?.change?.problems ?? [];
  const illegal = problems.some(({ severity }) => severity === "error");
  const choice = azureChoiceFor({ project, stack, assumptions });
  const blockers = illegal ? undefined : await blockersInTheWay(settings, choice, flags);
  const output = flags.json === true ? "json" : flags.output;
  if (output === "json") {
    const status = upgradeStatus(settings, day, comparison);
    const cluster = blockers === undefined ? {} : { cluster: reportData(blockers) };
    process.stdout.write(`${JSON.stringify({ ...status, ...cluster }, undefined, 2)}\n`);
  } else {
    warn(changeLines(project.name, problems));
    // The next step is irrelevant if this step is illegal.
    if (!illegal) {
      const change = comparison === undefined ? "" : `\n${changeText(stack.stack, comparison)}`;
      const text = `${upgradeText(settings, day)}${change}`;
      process.stdout.write(output === "markdown" ? fenced(text) : text);
      if (blockers !== undefined) {
        process.stdout.write(`\n${printReport(blockers, output, stylesFor(process.stdout))}`);
      }
    }
  }
  if (illegal) process.exitCode = ILLEGAL_EXIT_CODE;
  else if (blockers !== undefined) process.exitCode = exitCodeOf(blockers.observations);
}

/** What stands in the way of the next step, without the checks that are left out; undefined if no cluster is named. */
async function blockersInTheWay(
  settings: Settings,
  choice: AzureChoice,
  flags: UpgradeFlags,
): Promise<CheckReport | undefined> {
  if (!namesCluster(flags)) return undefined;
  const mesh = meshStateOf(settings);
  const report = await blockersOf(flags, choice, mesh, planMesh(mesh).next, settings, flags.day);
  return withoutSkipped(report, flags);
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\`\`\`\n`;
}

function warn(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(escapeMessage(`${line}\n`));
}
