import type { Day } from "../../mesh/support.ts";
import { UsageError } from "../../offline/errors.ts";
import { loadStackFile } from "../../offline/project/stackFile.ts";
import { AccessError } from "../../operate/accessError.ts";
import { ApiServer } from "../../operate/cluster/apiServer.ts";
import type { ClusterChoice } from "../../operate/cluster/kubeconfig.ts";
import { exitCodeOf } from "../../operate/observation.ts";
import { drive } from "../../operate/upgrade/drive.ts";
import type { Arrival } from "../../operate/upgrade/drive.ts";
import { shellWord } from "../../text/shellWord.ts";
import { stylesFor } from "../output/styles.ts";
import { escapeMessage } from "../reports/foreignText.ts";
import { printReport } from "../reports/observations.ts";
import { settingsOf } from "../stack/stackSettings.ts";
import { azureChoiceFor, azureMeshOf } from "./azureMesh.ts";
import { courseText } from "./course.ts";
import type { Course } from "./course.ts";
import { openStack } from "./deployedStack.ts";
import { meshStateOf } from "./editStep.ts";
import type { RunCommands } from "./runCommands.ts";
import type { ValidStack } from "./validStack.ts";
import { upgradeJourney } from "./upgradeJourney.ts";
import { waysOn } from "./waysOn.ts";

/** As a shell reports a process that Ctrl+C ended; here, the second one. */
const KILLED_EXIT_CODE = 130;

export interface RunOptions extends Course {
  readonly day: Day;
  /** Says what the run would do, and does nothing. */
  readonly dryRun: boolean;
  readonly waveSize: number;
  readonly timeoutMs: number;
  /** Whether this project's pack judges each deployment. */
  readonly policyPack: boolean;
  /** The checks of the cluster to leave out before each step. */
  readonly skip: readonly string[];
  /** How to go on with a stack once its run has stopped. */
  readonly commands: (stack: string) => RunCommands;
  /** The cluster, if it is not the one of the stack's own kubeconfig. */
  readonly cluster: { readonly kubeconfig?: string; readonly context?: string };
}

/**
 * Takes the upgrade of a stack to its end, or back to its beginning.
 *
 * @param pack the directory of this project's pack
 * @returns whether it arrived
 * @throws UsageError if the stack cannot be opened; with the ways on, if a deployment fails or is interrupted, or the
 * cluster cannot be reached
 */
export async function runUpgrade(
  pack: string,
  valid: ValidStack,
  options: RunOptions,
): Promise<boolean> {
  const { project, stack, assumptions } = valid;
  if (options.dryRun) {
    process.stdout.write(escapeMessage(courseText(valid, options)));
    return true;
  }
  const [run, deployment] = [new AbortController(), new AbortController()];
  const { signal } = run;
  const interrupt = (received: NodeJS.Signals) => {
    if (signal.aborted) {
      say(
        `Ended at once. If a deployment was in progress, it keeps its lock: pulumi cancel --stack ${shellWord(stack.stack)}`,
      );
      process.exit(KILLED_EXIT_CODE);
    }
    say("Interrupted. Ending what is in progress");
    run.abort();
    // A terminal sends Ctrl+C to the Pulumi CLI, too, which would not clean up after a second one.
    if (received !== "SIGINT" || !process.stdin.isTTY) deployment.abort();
  };
  // Not once: the Automation API would end this process if nobody else listened when the signal arrives.
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  const standing = () =>
    meshStateOf(
      settingsOf(project, loadStackFile(project, { stack: stack.stack }), assumptions).settings,
    ).settings;
  const goesBack = options.choice.direction === "back";
  const target = options.choice.to ?? standing().upgrade?.to;
  const waysFrom = (mustMend: boolean) =>
    waysOn(options.commands(stack.stack), { goesBack, mustMend, standing: standing(), target });
  try {
    const deployed = await openStack({
      directory: project.directory,
      stack: stack.stack,
      policyPacks: options.policyPack ? [pack] : [],
      signal: deployment.signal,
      onOutput: (text) => process.stdout.write(escapeMessage(text)),
      onError: (text) => process.stderr.write(escapeMessage(text)),
    });
    let server: ApiServer | undefined;
    const journey = upgradeJourney({
      ...{ project, stack: stack.stack, assumptions, deployed, signal, say },
      ...options,
      azure: (state, skip) => azureMeshOf(state, azureChoiceFor(valid), skip),
      server: async () =>
        (server ??= await ApiServer.of(await choiceOf(options.cluster, deployed.kubeconfig))),
    });
    const { stopAfter } = options;
    const arrival = await drive(journey, { stopAfter, goesBack, say }).catch((error: unknown) => {
      throw signal.aborted ? error : withWays(error, waysFrom);
    });
    if (arrival.stoppedBy.length > 0) reportStop(arrival, waysFrom(true));
    else reportArrival(arrival, standing().revision);
    return arrival.stoppedBy.length === 0;
  } catch (error) {
    throw signal.aborted ? new UsageError(`Interrupted.\n${waysFrom(false).trimEnd()}`) : error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function choiceOf(
  given: RunOptions["cluster"],
  kubeconfig: () => Promise<string | undefined>,
): Promise<ClusterChoice> {
  if (given.kubeconfig !== undefined || given.context !== undefined) return given;
  const content = await kubeconfig();
  if (content !== undefined) return { content };
  throw new UsageError(
    "The stack exports no kubeconfig: deploy it first, or name its cluster with --context.",
  );
}

/** What the user can mend, with how to go on then; a bug as it is. */
function withWays(error: unknown, waysFrom: (mustMend: boolean) => string): unknown {
  if (!(error instanceof UsageError || error instanceof AccessError)) return error;
  return new UsageError(`${error.message}\n${waysFrom(true).trimEnd()}`);
}

function reportArrival({ phase }: Arrival, revision: string): void {
  const where = phase === "none" ? `no upgrade is in progress` : `the upgrade is ${phase}`;
  process.stdout.write(`\nThe mesh is on ${revision}, and ${where}.\n`);
}

/** Says why the run stopped, and sets the exit code. */
function reportStop({ phase, stoppedBy }: Arrival, ways: string): void {
  const subject = `The upgrade has stopped${phase === "none" ? "" : ` in the phase ${phase}`}`;
  const report = printReport(
    { subject, observations: stoppedBy },
    "table",
    stylesFor(process.stdout),
  );
  process.stdout.write(`\n${report}\n${escapeMessage(ways)}`);
  process.exitCode = exitCodeOf(stoppedBy);
}

function say(line: string): void {
  process.stderr.write(escapeMessage(`${line}\n`));
}
