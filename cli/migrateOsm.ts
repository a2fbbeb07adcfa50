import { Command, Option } from "commander";
import { newestRevision } from "../mesh/catalog.ts";
import { migrateOsm } from "../migrate/osm/migrateOsm.ts";
import { exitCodeOf } from "../migrate/report.ts";
import type { Entry } from "../migrate/report.ts";
import type { Unread } from "../manifests/manifest.ts";
import { UsageError } from "../offline/errors.ts";
import { SecretMask } from "../offline/plan/secretMask.ts";
import { inOneCluster } from "./migrate/inOneCluster.ts";
import { requireNamespaces } from "./migrate/requireNamespaces.ts";
import { toFiles } from "./migrate/toFiles.ts";
import { maskedReport, withoutSecrets } from "./migrate/withoutSecrets.ts";
import { readSources } from "./manifests/readSources.ts";
import { sourceName } from "./manifests/sourceName.ts";
import { writeManifests } from "./manifests/manifestFiles.ts";
import { revisionOrVariable } from "./migrate/revisionOrVariable.ts";
import { requireOutside } from "./output/requireOutside.ts";
import { stylesFor } from "./output/styles.ts";
import { collectValues } from "./previewOptions.ts";
import { printMigration } from "./reports/migration.ts";
import { OUTPUTS } from "./reports/observations.ts";
import type { Output } from "./reports/observations.ts";

interface MigrateFlags {
  readonly file: readonly string[];
  readonly out?: string;
  readonly revision?: string;
  readonly output: Output;
}

/** A directory in the commands of the report, if nothing was written. */
const UNWRITTEN = "OUT";

/** `aks-istio migrate-osm`: what becomes of Open Service Mesh's objects on the Istio add-on. */
export function migrateOsmCommand(): Command {
  return new Command("migrate-osm")
    .description("Translate the manifests of Open Service Mesh and SMI for the Istio add-on")
    .addOption(
      new Option(
        "-f, --file <path>",
        "files and directories with manifests, or - for standard input: policies, namespaces, Services and workloads; repeatable",
      )
        .argParser(collectValues)
        .makeOptionMandatory(),
    )
    .option(
      "--out <directory>",
      "write the new objects there; files of an earlier run are replaced",
    )
    .addOption(
      new Option(
        "--revision <revision>",
        "the revision of the add-on, such as asm-1-30, or a variable that Flux replaces, such as ${mesh_revision} (default: the newest in the catalog)",
      ).argParser(revisionOrVariable),
    )
    .addOption(
      new Option("-o, --output <format>", "format of the report").choices(OUTPUTS).default("table"),
    )
    .action(async ({ file, out, revision = newestRevision(), output }: MigrateFlags) => {
      if (out !== undefined) requireOutside({ option: "--out", path: out }, file);
      const tree = await readSources(file);
      const manifests = inOneCluster(tree.units);
      requireNamespaces(manifests);
      const migration = migrateOsm(manifests, { revision, out: out ?? UNWRITTEN });
      const mask = new SecretMask(tree.secrets);
      const { objects, entries: kept } = withoutSecrets(migration, mask);
      requireSome(kept, file, tree.unread);
      const { steps, untouched } = migration;
      const entries = [...kept, ...tree.unread.map(entryOfUnread)];
      const subject = `from Open Service Mesh to ${revision}`;
      const report = { subject, untouched, ...maskedReport({ entries, steps }, mask) };
      if (out !== undefined) writeManifests(out, toFiles(objects), "migrate-osm");
      process.stdout.write(printMigration(report, output, stylesFor(process.stdout), out));
      process.exitCode = exitCodeOf(report);
    });
}

/** @throws UsageError if there is nothing to migrate */
function requireSome(
  entries: readonly Entry[],
  sources: readonly string[],
  unread: readonly Unread[],
): void {
  if (entries.length > 0) return;
  const where = sources.map(sourceName).join(", ");
  throw new UsageError(
    [
      `Nothing to migrate: ${where} has no objects, labels or annotations of Open Service Mesh or SMI. Export them: kubectl get traffictargets,httproutegroups,tcproutes,trafficsplits,namespaces,services,deployments -A -o yaml.`,
      ...unread.map(
        ({ file, line = 1, reason, fix }) => `${sourceName(file)}:${line}: ${reason} ${fix}`,
      ),
    ].join("\n"),
  );
}

/** A file that could not be read may have objects that must be translated. */
function entryOfUnread({ file, line = 1, column = 1, reason, fix }: Unread): Entry {
  return {
    ...{
      fate: "untranslated",
      subject: sourceName(file),
      place: { file, line, column },
      becomes: [],
    },
    message: reason,
    fix,
  };
}
