import { Command, Option } from "commander";
import { UsageError } from "../offline/errors.ts";
import { preview } from "../offline/preview.ts";
import { compared } from "./against/compared.ts";
import type { Earlier } from "./against/earlier.ts";
import { openEarlier } from "./against/openEarlier.ts";
import { EarlierRevisionError } from "./against/earlierRevision.ts";
import { reportFailure } from "./failedRun.ts";
import { gitTreesFrom } from "./gitTrees.ts";
import {
  addPolicyOptions,
  addStackOptions,
  collectValues,
  projectOf,
  toPreviewOptions,
} from "./previewOptions.ts";
import type { PolicyFlags, PreviewDefaults, ProgramOptions, StackFlags } from "./previewOptions.ts";
import { Progress } from "./output/progress.ts";
import { stopsNewly } from "./reports/comparison.ts";
import { toJson } from "./reports/json.ts";
import { severalToJunit, toJunit } from "./reports/junit.ts";
import { toMarkdown } from "./reports/markdown.ts";
import type { Previewed } from "./reports/previewed.ts";
import { toSarif } from "./reports/sarif.ts";
import {
  severalToJson,
  severalToMarkdown,
  severalToSarif,
  stacksTable,
} from "./reports/severalStacks.ts";
import { judgementOf } from "./reports/summary.ts";
import { toTerminal } from "./reports/terminal.ts";
import { pathInRepository } from "./repository/repository.ts";
import { Reports } from "./requestedReports.ts";
import type { Format, ReportFlags } from "./requestedReports.ts";
import { stackNames } from "./stack/stackNames.ts";
import { placesOf } from "./stackPlaces.ts";
import { WIDTH, stylesFor } from "./output/styles.ts";

interface PreviewFlags extends Omit<StackFlags, "stack">, PolicyFlags, ReportFlags {
  readonly stack?: readonly string[];
  readonly against?: string;
  readonly newOnly?: boolean;
  readonly details?: boolean;
  readonly requireJudged?: boolean;
  readonly gitops: readonly string[];
}

const FORMATS: Readonly<Record<Format, (previewed: Previewed) => string | Promise<string>>> = {
  json: ({ plan, judgement, places, comparison }) => toJson(plan, judgement, places, comparison),
  markdown: ({ plan, judgement, places, comparison }) =>
    toMarkdown(plan, judgement, places, comparison),
  sarif: ({ plan, judgement, places, projectFile }) =>
    toSarif(plan, judgement, places, projectFile),
  junit: ({ plan, judgement, places }) => toJunit(plan, judgement, places),
  // Graphviz and the rules take a moment to load.
  html: async ({ plan, judgement, places, comparison }) =>
    (await import("./html/htmlReport.ts")).toHtml(plan, judgement, places, comparison),
};

/** The same for several stacks. A page shows one. */
const SEVERAL: Readonly<Record<Exclude<Format, "html">, (stacks: readonly Previewed[]) => string>> =
  {
    json: severalToJson,
    markdown: severalToMarkdown,
    sarif: severalToSarif,
    junit: severalToJunit,
  };

const VIOLATION_EXIT_CODE = 1;

/** `aks-istio preview`: what a first deployment would create, checked by the policies. */
export function previewCommand(defaults: PreviewDefaults): Command {
  const command = new Command("preview").description(
    "Preview a first deployment offline and check it against policies",
  );
  const stacks = new Option(
    "-s, --stack <name>",
    "a stack, or a pattern such as prod-* (default: the only stack that has a file, else dev); repeatable",
  ).argParser(collectValues);
  addPolicyOptions(addStackOptions(command, stacks), defaults.pack)
    .addOption(
      new Option(
        "--gitops <tree>",
        "the root of the tree that Flux applies, as DIR or URL=DIR; repeatable",
      )
        .default([], "the repository of the project")
        .argParser(collectValues),
    )
    .option(
      "--against <revision or plan>",
      "show what changes, compared with a Git revision such as origin/main, or with a plan that --json has written",
    )
    .option("--new-only", "with --against: only findings that are new decide the exit code")
    .option("--require-judged", "also exit with 1 if anything could not be judged")
    .option("--details", "show advisory findings in full")
    .option(
      "--json <file>",
      "write the plan in the format of `pulumi preview --json`; - for stdout",
    )
    .option("--markdown <file>", "write the plan as a pull request comment; - for stdout")
    .option("--sarif <file>", "write policy findings as SARIF for code scanning; - for stdout")
    .option("--junit <file>", "write one JUnit test for each policy; - for stdout")
    .option("--html <file>", "write a page with the plan and a picture of the mesh; - for stdout")
    .action(async (directory: string | undefined, flags: PreviewFlags) => {
      const reports = new Reports(flags);
      requireTogether(flags, defaults);
      const { stack: given = [], ...others } = flags;
      let options: ProgramOptions | undefined;
      const previewed: Timed[] = [];
      const progress = new Progress(process.stderr);
      try {
        const project = projectOf(directory);
        const names = given.length === 0 ? [undefined] : stackNames(project, given);
        if (names.length > 1 && flags.configFile !== undefined) {
          throw new UsageError("--config-file is the file of one stack. Name one --stack.");
        }
        if (names.length > 1 && flags.html !== undefined) {
          throw new UsageError("--html is the page of one stack. Name one --stack.");
        }
        const earlier = openedBy(flags, defaults, project.directory, progress);
        for (const stack of names) {
          if (names.length > 1) progress.note(`Stack ${stack ?? ""}`);
          const choice = { ...others, ...(stack === undefined ? {} : { stack }) };
          options = undefined;
          const chosen = toPreviewOptions(defaults, directory, choice, flags);
          options = { ...chosen, gitTrees: gitTreesFrom(flags.gitops, project.directory) };
          previewed.push(await previewStack(options, flags, earlier, progress));
        }
      } catch (error) {
        const [stack] = given;
        const attempt = {
          directory,
          flags: { ...others, ...(stack === undefined ? {} : { stack }) },
        };
        // The lines of the current stack file have nothing to do with an error in an earlier one.
        const stackFile = error instanceof EarlierRevisionError ? undefined : options?.stackFile;
        throw await reportFailure(error, { ...attempt, ...options, stackFile }, reports);
      }

      const piped = await reports.write((format) => reportOf(format, previewed));
      process.stdout.write(piped ?? toTerminals(previewed, flags.details === true));
      if (previewed.some(({ judgement }) => judgement.stops)) {
        process.exitCode = VIOLATION_EXIT_CODE;
      }
    });
  return command;
}

/** @param format if it is a page, `previewed` has one plan */
function reportOf(format: Format, previewed: readonly Previewed[]): string | Promise<string> {
  const [only, ...more] = previewed;
  if (only !== undefined && (format === "html" || more.length === 0)) return FORMATS[format](only);
  return format === "html" ? "" : SEVERAL[format](previewed);
}

/** @throws UsageError */
function requireTogether(
  { requireJudged, policyPack, newOnly, against }: PreviewFlags,
  { pack }: PreviewDefaults,
): void {
  if (requireJudged === true && policyPack === false) {
    const fix = pack === undefined ? "Pass --policy-pack" : "Remove --no-policy-pack";
    throw new UsageError(`--require-judged requires a policy pack. ${fix}.`);
  }
  if (newOnly === true && against === undefined) {
    throw new UsageError("--new-only requires --against, which says what is new.");
  }
}

function openedBy(
  { against, assume, gitops, requireJudged = false }: PreviewFlags,
  { configOf }: PreviewDefaults,
  directory: string,
  progress: Progress,
): Earlier | undefined {
  if (against === undefined) return undefined;
  const onStep = (message: string) => {
    progress.note(message);
  };
  return openEarlier(against, directory, { assume, gitops, requireJudged, configOf, onStep });
}

interface Timed extends Previewed {
  readonly seconds: number;
}

/** Previews a stack, and at the same time what it is compared with. */
async function previewStack(
  options: ProgramOptions,
  { requireJudged = false, newOnly = false }: PreviewFlags,
  earlier: Earlier | undefined,
  progress: Progress,
): Promise<Timed> {
  const started = performance.now();
  progress.start();
  try {
    const planned = preview({
      ...options,
      onResource: (resource) => {
        progress.planned(resource);
      },
    });
    const [plan, side] = await Promise.all([planned, earlier?.sideOf(options)]);
    const judgement = judgementOf(plan, requireJudged);
    const places = placesOf(plan, options);
    const seconds = (performance.now() - started) / 1000;
    const projectFile = pathInRepository(options.project.file);
    const result = { plan, judgement, places, projectFile, seconds };
    if (earlier === undefined || side === undefined) return { ...result, comparison: undefined };
    const comparison = { ...compared(result, side, earlier, options), newOnly };
    const stops = newOnly ? stopsNewly(comparison.change) : judgement.stops;
    return { ...result, judgement: { ...judgement, stops }, comparison };
  } finally {
    progress.done();
  }
}

function toTerminals(previewed: readonly Timed[], details: boolean): string {
  const plans = previewed.map(({ plan, judgement, places, comparison, seconds }) =>
    toTerminal(plan, judgement, places, {
      styles: stylesFor(process.stdout),
      width: process.stdout.isTTY ? process.stdout.columns : WIDTH,
      details,
      seconds,
      comparison,
    }),
  );
  return plans.join("\n") + (plans.length > 1 ? stacksTable(previewed) : "");
}
