import { Command } from "commander";
import { UsageError } from "../offline/errors.ts";
import type { Plan } from "../offline/plan/plan.ts";
import { preview } from "../offline/preview.ts";
import { reportFailure } from "./failedRun.ts";
import { addPolicyOptions, addStackOptions, toPreviewOptions } from "./previewOptions.ts";
import type { PolicyFlags, StackFlags, ProgramOptions } from "./previewOptions.ts";
import { Progress } from "./output/progress.ts";
import { toJson } from "./reports/json.ts";
import { toJunit } from "./reports/junit.ts";
import { toMarkdown } from "./reports/markdown.ts";
import type { Places } from "./reports/places.ts";
import { toSarif } from "./reports/sarif.ts";
import { judgementOf } from "./reports/summary.ts";
import type { Judgement } from "./reports/summary.ts";
import { toTerminal } from "./reports/terminal.ts";
import { pathInRepository } from "./repository/repository.ts";
import { Reports } from "./requestedReports.ts";
import type { Format, ReportFlags } from "./requestedReports.ts";
import { placesOf } from "./stackPlaces.ts";
import { WIDTH, stylesFor } from "./output/styles.ts";

interface PreviewFlags extends StackFlags, PolicyFlags, ReportFlags {
  readonly details?: boolean;
  readonly requireJudged?: boolean;
}

/** The input of a report. */
interface Result {
  readonly plan: Plan;
  readonly judgement: Judgement;
  readonly places: Places;
  /** Path of Pulumi.yaml within its repository. */
  readonly projectFile: string;
}

const FORMATS: Readonly<Record<Format, (result: Result) => string>> = {
  json: ({ plan, judgement }) => toJson(plan, judgement),
  markdown: ({ plan, judgement, places }) => toMarkdown(plan, judgement, places),
  sarif: ({ plan, judgement, places, projectFile }) =>
    toSarif(plan, judgement, places, projectFile),
  junit: ({ plan, judgement, places }) => toJunit(plan, judgement, places),
};

const VIOLATION_EXIT_CODE = 1;

/** `aks-istio preview`: what a first deployment would create, checked by the policies. */
export function previewCommand(home: string): Command {
  const command = new Command("preview").description(
    "Preview a first deployment offline and check it against policies",
  );
  addPolicyOptions(addStackOptions(command))
    .option("--require-judged", "also exit with 1 if anything could not be judged")
    .option("--details", "show advisory findings in full")
    .option(
      "--json <file>",
      "write the plan in the format of `pulumi preview --json`; - for stdout",
    )
    .option("--markdown <file>", "write the plan as a pull request comment; - for stdout")
    .option("--sarif <file>", "write policy findings as SARIF for code scanning; - for stdout")
    .option("--junit <file>", "write one JUnit test for each policy; - for stdout")
    .action(async (directory: string | undefined, flags: PreviewFlags) => {
      const started = performance.now();
      const reports = new Reports(flags);
      if (flags.requireJudged === true && flags.policyPack === false) {
        throw new UsageError("--require-judged requires a policy pack. Remove --no-policy-pack.");
      }
      const told: { options?: ProgramOptions } = {};
      let plan: Plan;
      try {
        told.options = toPreviewOptions(home, directory, flags, flags);
        plan = await withProgress(told.options);
      } catch (error) {
        throw reportFailure(error, { directory, flags, ...told.options }, reports);
      }

      const { project } = told.options;
      const result = {
        plan,
        judgement: judgementOf(plan, flags.requireJudged === true),
        places: placesOf(plan, told.options),
        projectFile: pathInRepository(project.file),
      };
      const piped = reports.write((format) => FORMATS[format](result));
      process.stdout.write(
        piped ??
          toTerminal(plan, result.judgement, result.places, {
            styles: stylesFor(process.stdout),
            width: process.stdout.isTTY ? process.stdout.columns : WIDTH,
            details: flags.details === true,
            seconds: (performance.now() - started) / 1000,
          }),
      );
      if (result.judgement.stops) process.exitCode = VIOLATION_EXIT_CODE;
    });
  return command;
}

async function withProgress(options: ProgramOptions): Promise<Plan> {
  const progress = new Progress(process.stderr);
  try {
    return await preview({
      ...options,
      onResource: (resource) => {
        progress.planned(resource);
      },
    });
  } finally {
    progress.done();
  }
}
