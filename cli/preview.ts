import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { UsageError, messageOf } from "../local/errors.ts";
import type { Plan } from "../local/plan.ts";
import { preview } from "../local/preview.ts";
import type { Project } from "../local/project.ts";
import { addPolicyOptions, addProgramOptions, toPreviewOptions } from "./previewOptions.ts";
import type { PolicyFlags, ProgramFlags } from "./previewOptions.ts";
import { Progress } from "./progress.ts";
import { toJson } from "./reports/json.ts";
import { toJunit } from "./reports/junit.ts";
import { toMarkdown } from "./reports/markdown.ts";
import { toSarif } from "./reports/sarif.ts";
import { toTerminal } from "./reports/terminal.ts";
import { pathInRepository } from "./repository.ts";
import { stylesFor } from "./styles.ts";

type ReportFlags = Readonly<Partial<Record<"json" | "markdown" | "sarif" | "junit", string>>>;

/** A report that is asked for, and where it goes. */
interface Report {
  readonly file: string;
  readonly textOf: (plan: Plan) => string;
}

const STDOUT = "-";
const VIOLATION_EXIT_CODE = 1;

/** `aks-istio preview`: what a first deployment would make, judged by the policies. */
export function previewCommand(home: string): Command {
  const command = new Command("preview").description(
    "Preview a Pulumi program offline, from empty, with policies enforced",
  );
  addPolicyOptions(addProgramOptions(command))
    .option("--json <file>", "write the plan in the shape of `pulumi preview --json`; - for stdout")
    .option("--markdown <file>", "write the plan as a pull-request comment; - for stdout")
    .option("--sarif <file>", "write what the policies found for code scanning; - for stdout")
    .option("--junit <file>", "write the policies as tests that passed or failed; - for stdout")
    .action(
      async (directory: string | undefined, flags: ProgramFlags & PolicyFlags & ReportFlags) => {
        const started = performance.now();
        const options = toPreviewOptions(home, directory, flags, flags);
        const reports = reportsOf(flags, options.project);
        const progress = new Progress(process.stderr);
        const plan = await preview({
          ...options,
          onResource: (resource) => {
            progress.planned(resource);
          },
        }).finally(() => {
          progress.done();
        });
        report(plan, reports, (performance.now() - started) / 1000);
        if (plan.violations.some(({ enforcementLevel }) => enforcementLevel === "mandatory")) {
          process.exitCode = VIOLATION_EXIT_CODE;
        }
      },
    );
  return command;
}

/** @throws UsageError where more than one would go to stdout */
function reportsOf({ json, markdown, sarif, junit }: ReportFlags, project: Project): Report[] {
  const projectFile = pathInRepository(project.file);
  const reports = [
    { file: json, textOf: toJson },
    { file: markdown, textOf: toMarkdown },
    { file: sarif, textOf: (plan: Plan) => toSarif(plan, projectFile) },
    { file: junit, textOf: toJunit },
  ].flatMap(({ file, textOf }) => (file === undefined ? [] : [{ file, textOf }]));
  if (reports.filter(({ file }) => file === STDOUT).length > 1) {
    throw new UsageError(
      "Only one of --json, --markdown, --sarif and --junit can go to stdout. Give the others a file.",
    );
  }
  return reports;
}

/** Files come first: where one cannot be written, nothing is reported by halves. */
function report(plan: Plan, reports: readonly Report[], seconds: number): void {
  for (const { file, textOf } of reports) {
    if (file !== STDOUT) write(file, textOf(plan));
  }
  const piped = reports.find(({ file }) => file === STDOUT);
  process.stdout.write(
    piped === undefined ? toTerminal(plan, seconds, stylesFor(process.stdout)) : piped.textOf(plan),
  );
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${messageOf(error)}`);
  }
}
