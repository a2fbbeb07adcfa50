import { Command, InvalidArgumentError, Option } from "commander";
import type { Injector } from "../inject/injector.ts";
import { NotInjected } from "../inject/injector.ts";
import { isMeshRevision } from "../mesh/revision.ts";
import type { MeshRevision } from "../mesh/revision.ts";
import { UsageError } from "../offline/errors.ts";
import { ApiServer } from "../operate/cluster/apiServer.ts";
import { clusterInjector } from "../operate/inject/clusterInjector.ts";
import { readConfiguration } from "../operate/inject/readConfiguration.ts";
import { saveConfiguration, savedInjector } from "../operate/inject/savedInjector.ts";
import { joinedResults, staleResults, writeResults } from "./inject/destinations.ts";
import { injectSource } from "./inject/injectSource.ts";
import type { InjectedSource } from "./inject/injectSource.ts";
import { readSources } from "./inject/sources.ts";
import type { Sources } from "./inject/sources.ts";
import { requireOutside } from "./output/requireOutside.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { pluralize } from "./reports/summary.ts";

interface InjectFlags {
  readonly file?: readonly string[];
  readonly revision?: MeshRevision;
  readonly namespace: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly from?: string;
  readonly save?: string;
  readonly refresh?: boolean;
  readonly out?: string;
  readonly check?: string;
}

const STALE_EXIT_CODE = 1;

/** `aks-istio inject`: a manifest in, the same manifest with the sidecar out. */
export function injectCommand(): Command {
  return new Command("inject")
    .description("Add the sidecar to the workloads of manifests, and change nothing else in them")
    .option("-f, --file <paths...>", "files and directories with manifests; - for standard input")
    .addOption(
      new Option(
        "--revision <revision>",
        "the revision whose injector a cluster is asked for, such as asm-1-30",
      ).argParser(parseRevision),
    )
    .option("-n, --namespace <name>", "namespace of objects that name none", "default")
    .option("--kubeconfig <file>", "kubeconfig of the cluster (default: as kubectl finds it)")
    .option("--context <name>", "context of the kubeconfig (default: its current context)")
    .addOption(
      new Option(
        "--from <directory>",
        "inject with the configuration that --save wrote there, by istioctl and without a cluster",
      ).conflicts(["revision", "kubeconfig", "context", "save"]),
    )
    .option("--save <directory>", "write the configuration of the cluster's injector, for --from")
    .option("--refresh", "replace sidecars that are already there, instead of refusing them")
    .option(
      "--out <path>",
      "write to this file, or below this directory; may be the source itself (default: stdout)",
    )
    .addOption(
      new Option(
        "--check <path>",
        "write nothing; exit with 1 unless --out would leave this path as it is",
      ).conflicts(["out"]),
    )
    .action(async (flags: InjectFlags) => {
      const { file: named = [], save } = flags;
      if (named.length === 0 && save === undefined) {
        throw new UsageError("Nothing to inject: name a file, a directory or - with -f.");
      }
      requireOutputs(flags, named);
      const sources = named.length === 0 ? undefined : readSources(named);
      const injector = await injectorOf(flags);
      if (sources !== undefined) finish(await resultsOf(sources, injector, flags), sources, flags);
    });
}

/** @throws UsageError if the next run would read what this one writes, or compares */
function requireOutputs({ out, check, save }: InjectFlags, sources: readonly string[]): void {
  const mayBeSource = true;
  if (out !== undefined) requireOutside({ option: "--out", path: out, mayBeSource }, sources);
  if (check !== undefined) requireOutside({ option: "--check", path: check, mayBeSource }, sources);
  if (save !== undefined) requireOutside({ option: "--save", path: save }, sources);
}

function parseRevision(value: string): MeshRevision {
  if (isMeshRevision(value)) return value;
  throw new InvalidArgumentError(
    `${JSON.stringify(value)} is not a valid revision. Use a revision such as asm-1-30.`,
  );
}

/** Saves its configuration on the way, if the user wants that. @throws UsageError or AccessError */
async function injectorOf(flags: InjectFlags): Promise<Injector> {
  const { revision, namespace, kubeconfig, context, from, save } = flags;
  if (from !== undefined) return await savedInjector(from, say);
  if (revision === undefined) {
    throw new UsageError(
      "Name the revision whose sidecar is added with --revision, such as asm-1-30, or a saved configuration with --from.",
    );
  }
  const server = await ApiServer.of({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  const injector = clusterInjector(server, revision);
  if (save === undefined) return injector;
  try {
    saveConfiguration(save, await readConfiguration(server, injector, revision, namespace));
  } catch (error) {
    if (!(error instanceof NotInjected)) throw error;
    throw new UsageError(
      `The configuration was not saved: for a pod in ${namespace}, ${error.message}`,
    );
  }
  say(`The configuration of ${revision} was written to ${save}.`);
  return injector;
}

/** @throws UsageError that names everything that cannot be injected */
async function resultsOf(
  { files }: Sources,
  injector: Injector,
  { namespace, refresh = false }: InjectFlags,
): Promise<readonly InjectedSource[]> {
  const results: InjectedSource[] = [];
  for (const file of files) {
    results.push(await injectSource(file, { injector, namespace, refresh }));
  }
  const problems = results.flatMap((one) => one.problems);
  if (problems.length > 0) throw new UsageError(["Nothing was injected:", ...problems].join("\n"));
  if (results.some(({ workloads }) => workloads > 0)) return results;
  throw new UsageError(
    [
      `Nothing to inject: ${pluralize(files.length, "file")} without a workload, such as a Deployment.`,
      ...results.flatMap(({ notes }) => notes),
    ].join("\n"),
  );
}

function finish(
  results: readonly InjectedSource[],
  { isOne }: Sources,
  { out, check }: InjectFlags,
): void {
  for (const note of results.flatMap(({ notes }) => notes)) say(note);
  if (check !== undefined) {
    const stale = staleResults(check, results, isOne);
    for (const line of stale) say(line);
    if (stale.length > 0) {
      say(`Write it again: the same command with --out ${check} instead of --check.`);
      process.exitCode = STALE_EXIT_CODE;
    } else process.stdout.write(`${check} is current.\n`);
    return;
  }
  if (out === undefined) {
    process.stdout.write(isOne ? (results[0]?.text ?? "") : joinedResults(results));
    return;
  }
  const injected = results.reduce((sum, one) => sum + one.injected, 0);
  writeResults(out, results, isOne);
  process.stdout.write(
    `${pluralize(injected, "workload")} with a sidecar written to ${out}, in ${pluralize(results.length, "file")}.\n`,
  );
}

function say(line: string): void {
  process.stderr.write(escapeMessage(`${line}\n`));
}
