import { Command, Option } from "commander";
import type { IngressGatewayKind } from "../mesh/ingressGateways.ts";
import { targetRevision } from "../migrate/istio/targetRevision.ts";
import { subjectOf } from "../migrate/report.ts";
import { migrateIstio } from "../migrate/istio/migrateIstio.ts";
import type { Migration } from "../migrate/istio/migrateIstio.ts";
import { waysOf } from "../migrate/istio/order.ts";
import { hasBlockers } from "../migrate/istio/report.ts";
import type { Entry } from "../migrate/istio/report.ts";
import { unseenEntries } from "../migrate/istio/unseenInstallation.ts";
import type { Manifest } from "../manifests/manifest.ts";
import type { Day } from "../mesh/support.ts";
import { UsageError } from "../offline/errors.ts";
import { shellWord } from "../text/shellWord.ts";
import { dayOf, today } from "./day.ts";
import { MIGRATION_KINDS, clusterEntries, manifestsOf } from "./migrate/clusterObjects.ts";
import { writeChangedTree } from "./migrate/changedTree.ts";
import { readSourceFiles } from "./migrate/sourceFiles.ts";
import type { SourceFiles } from "./migrate/sourceFiles.ts";
import { addClusterOptions, readState } from "./operate/clusterOptions.ts";
import type { ClusterFlags } from "./operate/clusterOptions.ts";
import { revisionOrVariable } from "./migrate/revisionOrVariable.ts";
import { stylesFor } from "./output/styles.ts";
import { collectValues } from "./previewOptions.ts";
import { printIstioMigration } from "./reports/istioMigration.ts";
import { OUTPUTS } from "./reports/observations.ts";
import type { Output } from "./reports/observations.ts";

interface MigrateFlags extends ClusterFlags {
  readonly file?: readonly string[];
  readonly out?: string;
  readonly revision?: string;
  readonly ingress?: readonly string[];
  readonly output: Output;
  readonly day: Day;
}

/** A directory in the commands of the report, if nothing was written. */
const UNWRITTEN = "OUT";

/** `aks-istio migrate-istio`: from a self-installed Istio to the add-on. */
export function migrateIstioCommand(): Command {
  const command = new Command("migrate-istio")
    .description(
      "Show what stands between a self-installed Istio and the add-on, and change the manifests",
    )
    .addOption(
      new Option(
        "-f, --file <path>",
        "files and directories with manifests, or - for standard input; repeatable",
      ).argParser(collectValues),
    );
  return addClusterOptions(command)
    .option(
      "--out <directory>",
      "write the changed manifests there, with everything else in the directory of -f; or to that directory itself",
    )
    .addOption(
      new Option(
        "--revision <revision>",
        "the revision of the add-on, such as asm-1-30, or a variable that Flux replaces, such as ${mesh_revision} (default: that of the own Istio if it is supported, else the newest supported one)",
      ).argParser(revisionOrVariable),
    )
    .addOption(
      new Option(
        "--ingress <gateway>",
        "the add-on's ingress gateway, external or internal, for own ones whose Service does not tell; or for one by its label, such as ingressgateway=internal; repeatable",
      ).argParser(collectValues),
    )
    .addOption(
      new Option("-o, --output <format>", "format of the report").choices(OUTPUTS).default("table"),
    )
    .option("--day <date>", "the day on which support is judged", dayOf, today())
    .action(async (flags: MigrateFlags) => {
      requireOptions(flags);
      const { file, out, output } = flags;
      const read = file === undefined ? await readFromCluster(flags) : readFromFiles(file);
      const revision = flags.revision ?? targetRevision(read.manifests, flags.day);
      const migration = migrateIstio(read.manifests, read.texts, {
        ...{ revision, out: out ?? UNWRITTEN },
        ...ingressOf(flags.ingress ?? []),
      });
      requireDecided(migration, read.inFiles);
      const [source] = file ?? [];
      if (out !== undefined && source !== undefined) writeChangedTree(source, out, migration.files);
      const entries = read.entries(migration.entries);
      const isBlocked = hasBlockers(entries);
      const report = {
        subject: `${read.from}, to ${revision}`,
        exitCode: isBlocked ? 1 : 0,
        out,
        inFiles: read.inFiles,
        entries,
        untouched: migration.untouched,
        ways: waysOf(migration.circumstances, isBlocked),
      };
      process.stdout.write(printIstioMigration(report, output, stylesFor(process.stdout)));
      process.exitCode = report.exitCode;
    });
}

/** Objects to migrate. */
interface Read {
  /** Their source, in words. */
  readonly from: string;
  readonly inFiles: boolean;
  readonly manifests: readonly Manifest[];
  readonly texts: ReadonlyMap<string, string>;
  /** The entries of a report about them. */
  readonly entries: (entries: readonly Entry[]) => readonly Entry[];
}

function readFromFiles(sources: readonly string[]): Read {
  const read = readSourceFiles(sources);
  const from = sources.join(", ");
  if (read.manifests.length === 0 && read.unread.length === 0) {
    throw new UsageError(`Nothing to migrate: ${from} has no Kubernetes objects.`);
  }
  const { manifests, texts } = read;
  const entries: Read["entries"] = (found) => [
    ...unreadEntries(read),
    ...found,
    ...unseenEntries(manifests, texts, found),
  ];
  return { from, inFiles: true, manifests, texts, entries };
}

async function readFromCluster(flags: ClusterFlags): Promise<Read> {
  const { state } = await readState(flags, MIGRATION_KINDS);
  const manifests = manifestsOf(state);
  const entries: Read["entries"] = (found) => clusterEntries(state, found);
  return { from: state.from, inFiles: false, manifests, texts: new Map(), entries };
}

/** @throws UsageError for options that do not go together */
function requireOptions({ file, out, kubeconfig, context, from }: MigrateFlags): void {
  const cluster = [kubeconfig, context, from].some((one) => one !== undefined);
  if (file !== undefined && cluster) {
    throw new UsageError(
      "-f names manifests, and --kubeconfig, --context and --from a cluster. Name one of them.",
    );
  }
  if (file === undefined && !cluster) {
    throw new UsageError("Name the manifests with -f, or a cluster with --context or --from.");
  }
  if (out !== undefined && (file?.length !== 1 || file.includes("-"))) {
    throw new UsageError("--out writes one file or directory again. Name one with -f.");
  }
}

/** @throws UsageError that names every gateway about which nothing decides */
function requireDecided({ undecided }: Migration, inFiles: boolean): void {
  if (undecided.size === 0) return;
  throw new UsageError(
    [
      "Which of the add-on's ingress gateways takes the place of these? Their Services do not tell whether they are public.",
      ...[...undecided].map(([label, asking]) => {
        const { file, line } = asking.origin.at([]);
        const place = inFiles ? `, ${file}:${line}` : "";
        return `  ${label}: pass --ingress ${shellWord(`${label}=external`)} or --ingress ${shellWord(`${label}=internal`)} (${subjectOf(asking)}${place})`;
      }),
      "Or pass --ingress external or --ingress internal for all of them.",
    ].join("\n"),
  );
}

/** What could not be read may be what stands in the way, if it is about Istio. */
function unreadEntries({ unread }: SourceFiles): readonly Entry[] {
  return unread.map(({ file, line = 1, column = 1, reason, fix, mayConcern }) => ({
    outcome: mayConcern ? "blocker" : "note",
    subject: file,
    place: { file, line, column },
    field: "",
    message: `${reason} It was not judged.`,
    fix: fix.replace("npx aks-istio check -", "npx aks-istio migrate-istio -f -"),
  }));
}

function ingressOf(given: readonly string[]): {
  readonly ingress: ReadonlyMap<string, IngressGatewayKind>;
  readonly otherIngress: IngressGatewayKind | undefined;
} {
  const ingress = new Map<string, IngressGatewayKind>();
  let otherIngress: IngressGatewayKind | undefined;
  for (const one of given) {
    const [, label, kind] = /^(?:([^=]+)=)?(external|internal)$/.exec(one) ?? [];
    if (kind === undefined) {
      throw new UsageError(
        `--ingress ${one} is neither external nor internal, nor a gateway with one of them, such as ingressgateway=internal.`,
      );
    }
    const gateway = kind === "external" ? "External" : "Internal";
    if (label === undefined) otherIngress = gateway;
    else ingress.set(label, gateway);
  }
  return { ingress, otherIngress };
}
