import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { catalog, kubernetesStatus } from "../mesh/catalog.ts";
import { answerProblems, updatedCatalog } from "../mesh/catalogUpdate.ts";
import type { RevisionAnswer } from "../mesh/catalogUpdate.ts";
import type { Day } from "../mesh/support.ts";
import { UsageError } from "../offline/errors.ts";
import { AccessError } from "../operate/accessError.ts";
import { revisionsOverview } from "../operate/revisions/overview.ts";
import { readSavedAnswer } from "../operate/revisions/savedAnswer.ts";
import { dayOf, today } from "./day.ts";
import { addAzureOptions, azureChoiceOf } from "./operate/azureOptions.ts";
import type { AzureFlags } from "./operate/azureOptions.ts";
import { OutputFiles } from "./output/outputFiles.ts";
import { OUTPUTS } from "./reports/observations.ts";
import type { Output } from "./reports/observations.ts";
import { printRevisions } from "./reports/revisions.ts";

interface RevisionsFlags extends AzureFlags {
  readonly from?: string;
  readonly live?: boolean;
  readonly location?: string;
  readonly kubernetes?: string;
  readonly all?: boolean;
  readonly update?: boolean;
  readonly out?: string;
  readonly day: Day;
  readonly output: Output;
}

const DIFFERENT_EXIT_CODE = 1;

/** `aks-istio revisions`: the catalog of revisions, compared with what Azure offers. */
export function revisionsCommand(home: string): Command {
  const command = new Command("revisions")
    .description("Show the revisions of the mesh and the days until their support ends")
    .addOption(
      new Option(
        "--from <file>",
        "compare with this output of az aks mesh get-revisions -o json; - for standard input",
      ).conflicts(["live", "location"]),
    )
    .option("--live", "compare with what Azure offers in the region of --location")
    .option("--location <region>", "with --live: an Azure region, such as westeurope");
  return addAzureOptions(command)
    .option("--kubernetes <version>", "show only what runs on this version, such as 1.35", minor)
    .option("--all", "show revisions and versions whose support has ended, too")
    .option("--update", "write the catalog anew from the answer of Azure")
    .option("--out <file>", "with --update: write this file instead of the catalog of a checkout")
    .option("--day <date>", "the day from which days are counted", dayOf, today())
    .addOption(
      new Option("-o, --output <format>", "format of the result").choices(OUTPUTS).default("table"),
    )
    .action(async (flags: RevisionsFlags) => {
      const { kubernetes, all = false, update = false, out, day, output } = flags;
      if (out !== undefined && !update) {
        throw new UsageError("--out is where --update writes. Pass --update, too.");
      }
      const answer = await answerOf(flags);
      if (update) {
        process.stdout.write(writeCatalog(answer, out ?? catalogOf(home)));
        return;
      }
      const overview = revisionsOverview({
        day,
        all,
        ...(answer === undefined ? {} : { offered: answer.offered }),
        ...(kubernetes === undefined ? {} : { kubernetesVersion: kubernetes }),
      });
      if (overview.revisions.length === 0 && overview.kubernetes.length === 0) {
        const more = all ? "" : " --all also shows those whose support has ended.";
        throw new UsageError(
          `The catalog of ${catalog.asOf} has no Kubernetes ${kubernetes ?? ""}, and no revision that runs on it.${more}`,
        );
      }
      process.stdout.write(printRevisions(overview, output));
      if ((overview.differences ?? []).length > 0) process.exitCode = DIFFERENT_EXIT_CODE;
    });
}

const COMMAND = "az aks mesh get-revisions";

/**
 * The answer of Azure that the user asks for; undefined if none.
 *
 * @throws UsageError for options that do not go together
 * @throws AccessError if there is no answer
 */
async function answerOf(flags: RevisionsFlags): Promise<RevisionAnswer | undefined> {
  const { from, live = false, location, day } = flags;
  if (from !== undefined) return { offered: readSavedAnswer(from), day, from: COMMAND };
  if (!live) {
    if (location === undefined) return undefined;
    throw new UsageError("--location is the region in which --live asks Azure. Pass --live, too.");
  }
  if (location === undefined || !REGION.test(location)) {
    const found = location === undefined ? "" : ` "${location}" is none.`;
    throw new UsageError(`--live needs --location with a region, such as westeurope.${found}`);
  }
  const [{ connect }, { readOfferedRevisions }, { isAnswered }] = await Promise.all([
    import("../operate/azure/azure.ts"),
    import("../operate/azure/meshRevisions.ts"),
    import("../operate/azure/answer.ts"),
  ]);
  const azure = await connect(azureChoiceOf(flags, process.env));
  const answer = await readOfferedRevisions(azure, location);
  if (!isAnswered(answer)) throw new AccessError(`${answer.reason} ${answer.fix}`);
  return { offered: answer.value, day, from: `${COMMAND} --location ${location}` };
}

/** The programmatic name of a region, which becomes a part of a URL. */
const REGION = /^[a-z][a-z0-9]*$/;

/** @throws UsageError for a version that is not one, such as 1.x */
function minor(text: string): string {
  if (kubernetesStatus(text) !== "malformed") return text;
  throw new InvalidArgumentError("Write a version such as 1.35.");
}

/**
 * Writes the catalog with what an answer says.
 *
 * @returns what was written, for the user
 * @throws UsageError if there is no answer, or it cannot be right
 */
function writeCatalog(answer: RevisionAnswer | undefined, file: string): string {
  if (answer === undefined) {
    throw new UsageError(
      `--update needs an answer of Azure. Pass --live --location REGION, or --from with the output of ${COMMAND} -o json.`,
    );
  }
  const problems = answerProblems(answer, catalog);
  if (problems.length > 0) {
    throw new UsageError([...problems, "The catalog was not written. Ask Azure again."].join("\n"));
  }
  const updated = updatedCatalog(answer, catalog);
  new OutputFiles([file]).write([`${JSON.stringify(updated, undefined, 2)}\n`]);
  const estimated = updated.revisions
    .filter(({ releasedEstimated }) => releasedEstimated === true)
    .map(({ revision }) => revision);
  const dates =
    estimated.length === 0
      ? ""
      : `\nThe dates of ${estimated.join(", ")} are estimated: correct them by ${catalog.source}.`;
  return `${file} is the catalog of ${answer.day}.${dates}\n`;
}

/** @throws UsageError if this is an installed package, whose files the next installation replaces */
function catalogOf(home: string): string {
  if (existsSync(join(home, ".git"))) return join(home, "mesh", "catalog.json");
  throw new UsageError(
    "This is an installed package, which the next installation replaces. Name the file to write with --out.",
  );
}
