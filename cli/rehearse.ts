import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../offline/errors.ts";
import type { Project } from "../offline/project/project.ts";
import { loadStackFile } from "../offline/project/stackFile.ts";
import type { StackFile } from "../offline/project/stackFile.ts";
import { Faults } from "../rehearsal/faults.ts";
import { writeKubelogin } from "../rehearsal/kubelogin.ts";
import { startRehearsal } from "../rehearsal/rehearsal.ts";
import { throwaway } from "../rehearsal/throwaway.ts";
import { dayOf, today } from "./day.ts";
import { HELP, projectOf, collectValues } from "./previewOptions.ts";
import { requireConsent } from "./rehearsal/consent.ts";
import { ownCluster } from "./rehearsal/kubeconfig.ts";
import type { OwnCluster } from "./rehearsal/kubeconfig.ts";
import { run } from "./rehearsal/run.ts";
import type { Ended } from "./rehearsal/run.ts";
import { isAsExpected, rehearseUpgrade, upgradeScenario } from "./rehearsal/upgradeScenario.ts";
import type { RehearsedPhase, UpgradeScenario } from "./rehearsal/upgradeScenario.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { rehearsedUpgradeJson, rehearsedUpgradeText } from "./reports/rehearsedUpgrade.ts";

interface RehearseFlags {
  readonly stack?: string;
  readonly configFile?: string;
  readonly day: string;
  readonly fail: readonly string[];
  readonly latency: number;
  readonly scenario?: "upgrade";
  readonly to?: string;
  readonly json?: boolean;
  readonly kubeconfig?: string;
  readonly yes?: boolean;
}

const FAILED_EXIT_CODE = 1;

const UP = ["pulumi", "up", "--yes"];

/** `aks-istio rehearse`: the Pulumi CLI deploys a program to stand-ins for Azure. */
export function rehearseCommand(): Command {
  return new Command("rehearse")
    .description(
      "Deploy a program to stand-ins for Azure with the Pulumi CLI, and discard the result",
    )
    .usage("[options] [directory] [-- command...]")
    .argument("[directory]", HELP.directory)
    .argument(
      "[command...]",
      `the command to run, after --, such as a shell (default: ${UP.join(" ")})`,
    )
    .option("-s, --stack <name>", HELP.stack)
    .option("--config-file <file>", HELP.configFile)
    .option(
      "--day <date>",
      "the current day in Azure, which determines the available revisions",
      dayOf,
      today(),
    )
    .option(
      "--fail <fault>",
      "an operation that fails, such as create:ManagedCluster:once; repeatable",
      collectValues,
      [],
    )
    .option("--latency <milliseconds>", "how long each operation takes", milliseconds, 0)
    .addOption(
      new Option(
        "--scenario <name>",
        "the scenario to run: upgrade runs a whole canary upgrade, with one pulumi up per phase",
      ).choices(["upgrade"]),
    )
    .option(
      "--to <revision>",
      "the revision to upgrade to (default: that of an upgrade in progress, or the next)",
    )
    .option("--json", "print what each phase of the scenario changed as JSON")
    .option(
      "--kubeconfig <file>",
      "deploy the Kubernetes objects to the cluster of this file's current context",
    )
    .option("--yes", "deploy to a cluster that is not on this machine without asking")
    .action(
      async (_: string | undefined, __: readonly string[], flags: RehearseFlags, self: Command) => {
        const { directory, command } = wordsOf(self.args, process.argv);
        process.exitCode = await rehearse(directory, command, flags);
      },
    );
}

/** The arguments before and after `--`, which the parser does not distinguish. */
function wordsOf(args: readonly string[], argv: readonly string[]) {
  const dashes = argv.indexOf("--");
  const after = dashes < 0 ? [] : argv.slice(dashes + 1);
  const [directory, ...excess] = args.slice(0, args.length - after.length);
  if (excess.length > 0) {
    throw new UsageError(
      `${excess.join(" ")}: write -- before a command to run, as in aks-istio rehearse -- pulumi preview`,
    );
  }
  return { directory, command: after.length === 0 ? undefined : after };
}

async function rehearse(
  directory: string | undefined,
  command: readonly string[] | undefined,
  flags: RehearseFlags,
): Promise<number> {
  requireScenario(flags, command);
  const faults = Faults.parse(flags.fail);
  const project = projectOf(directory);
  const stack = loadStackFile(project, flags);
  const scenario =
    flags.scenario === undefined ? undefined : upgradeScenario(project, stack, flags.to);
  const cluster = flags.kubeconfig === undefined ? undefined : ownCluster(flags.kubeconfig);
  process.stderr.write(escapeMessage(notice(cluster)));
  if (cluster !== undefined && flags.yes !== true) await requireConsent(cluster, process);
  return await inThrowaway({ project, stack, faults, flags, cluster }, async (place) => {
    if (scenario !== undefined) return await play(scenario, place, flags);
    const { code } = await place.run(command ?? UP, {}, false);
    return code === 0 ? 0 : FAILED_EXIT_CODE;
  });
}

/** @throws UsageError if an option has no effect */
function requireScenario(
  { scenario, to, json, kubeconfig, yes }: RehearseFlags,
  command: readonly string[] | undefined,
): void {
  if (scenario !== undefined && command !== undefined) {
    throw new UsageError("--scenario runs pulumi up for each phase. Omit the command after --.");
  }
  const without: readonly (readonly [string, unknown, unknown])[] = [
    ["--to requires --scenario upgrade.", to, scenario],
    ["--json requires --scenario upgrade.", json, scenario],
    ["--yes requires --kubeconfig.", yes, kubeconfig],
  ];
  const problems = without.filter(
    ([, given, needed]) => given !== undefined && needed === undefined,
  );
  if (problems.length > 0) throw new UsageError(problems.map(([message]) => message).join("\n"));
}

function notice(cluster: OwnCluster | undefined): string {
  const real = "Rehearsal: the Pulumi CLI, its engine and the program are real.";
  const azure =
    "Azure and Entra ID are stand-ins in this process, with the checks that docs/rehearsing.md lists.";
  const objects =
    cluster === undefined
      ? "Kubernetes objects are accepted unchanged. The state is discarded afterwards."
      : `The real provider deploys Kubernetes objects to ${cluster.access.server} (context ${cluster.context}). They replace existing objects with the same names. The state is discarded afterwards, but the objects remain.`;
  return `${[real, azure, objects].join("\n")}\n`;
}

/** A temporary project in which commands run against the stand-ins. */
interface Place {
  readonly directory: string;
  readonly run: (
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
    quiet?: boolean,
  ) => Promise<Ended>;
}

async function inThrowaway(
  {
    project,
    stack,
    faults,
    flags: { day: date, latency },
    cluster,
  }: {
    readonly project: Project;
    readonly stack: StackFile;
    readonly faults: Faults;
    readonly flags: RehearseFlags;
    readonly cluster: OwnCluster | undefined;
  },
  act: (place: Place) => Promise<number>,
): Promise<number> {
  const { environment, remove, directory } = throwaway(project, {
    name: stack.stack,
    file: stack.file,
  });
  try {
    const path = cluster === undefined ? undefined : pathWithLogin(join(directory, ".."), cluster);
    const standIns = await startRehearsal({
      programDirectory: project.programDirectory,
      day: date,
      faults,
      latencyMs: latency,
      access: cluster?.access,
    });
    const env = {
      ...process.env,
      ...environment,
      ...passphrase(stack),
      ...standIns.environment,
      ...(path !== undefined && { PATH: path }),
    };
    try {
      const place: Place = {
        directory,
        run: (words, more, quiet = true) =>
          run(words, { cwd: directory, env: { ...env, ...more }, quiet }),
      };
      const init = await place.run(["pulumi", "stack", "init", stack.stack], {});
      if (init.code !== 0) {
        throw new UsageError(escapeMessage(`pulumi stack init failed: ${init.output.trim()}`));
      }
      return await act(place);
    } finally {
      standIns.stop();
    }
  } finally {
    remove();
  }
}

/** Programs log in to an AKS cluster with kubelogin. This one returns the credential of the user's cluster. */
function pathWithLogin(home: string, { credential }: OwnCluster): string {
  const directory = join(home, "login");
  mkdirSync(directory);
  writeKubelogin(directory, credential);
  return [directory, process.env["PATH"]].join(delimiter);
}

async function play(
  scenario: UpgradeScenario,
  place: Place,
  { json }: RehearseFlags,
): Promise<number> {
  const phases: RehearsedPhase[] = [];
  const { course } = scenario;
  process.stderr.write(`Upgrading ${scenario.from} to ${scenario.to} in ${course.length} steps\n`);
  for await (const phase of rehearseUpgrade(scenario, place)) {
    phases.push(phase);
    const outcome = isAsExpected(phase) ? "as expected" : "NOT as expected";
    process.stderr.write(`  ${phase.name}: ${outcome}\n`);
  }
  process.stdout.write(
    json === true
      ? `${JSON.stringify(rehearsedUpgradeJson(scenario, phases), undefined, 2)}\n`
      : escapeMessage(rehearsedUpgradeText(scenario, phases)),
  );
  return phases.every(isAsExpected) ? 0 : FAILED_EXIT_CODE;
}

/** If the stack file contains secrets, the CLI needs the user's passphrase. */
function passphrase({ encryptionSalt }: StackFile): NodeJS.ProcessEnv {
  return encryptionSalt === undefined ? { PULUMI_CONFIG_PASSPHRASE: "rehearsal" } : {};
}

function milliseconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number of milliseconds, up to 999999.");
}
