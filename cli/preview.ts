import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { UsageError, messageOf } from "../local/errors.ts";
import type { Plan } from "../local/plan.ts";
import { preview } from "../local/preview.ts";
import { addPolicyOptions, addProgramOptions, toPreviewOptions } from "./previewOptions.ts";
import type { PolicyFlags, ProgramFlags } from "./previewOptions.ts";
import { Progress } from "./progress.ts";
import { toJson } from "./reports/json.ts";
import { toMarkdown } from "./reports/markdown.ts";
import { toTerminal } from "./reports/terminal.ts";
import { stylesFor } from "./styles.ts";

interface ReportFlags {
  readonly json?: string;
  readonly markdown?: string;
}

const VIOLATION_EXIT_CODE = 1;

/** `aks-istio preview`: what a first deployment would make, judged by the policies. */
export function previewCommand(home: string): Command {
  const command = new Command("preview").description(
    "Preview a Pulumi program offline, from empty, with policies enforced",
  );
  addPolicyOptions(addProgramOptions(command))
    .option("--json <file>", "write the plan in the shape of `pulumi preview --json`; - for stdout")
    .option("--markdown <file>", "write the plan as a pull-request comment; - for stdout")
    .action(
      async (directory: string | undefined, flags: ProgramFlags & PolicyFlags & ReportFlags) => {
        const started = performance.now();
        if (flags.json === "-" && flags.markdown === "-") {
          throw new UsageError("Only one of --json and --markdown can go to stdout.");
        }
        const options = toPreviewOptions(home, directory, flags, flags);
        const progress = new Progress(process.stderr);
        const plan = await preview({
          ...options,
          onResource: (resource) => {
            progress.planned(resource);
          },
        }).finally(() => {
          progress.done();
        });
        report(plan, flags, (performance.now() - started) / 1000);
        if (plan.violations.some(({ enforcementLevel }) => enforcementLevel === "mandatory")) {
          process.exitCode = VIOLATION_EXIT_CODE;
        }
      },
    );
  return command;
}

/** Files come first: where one cannot be written, nothing is reported by halves. */
function report(plan: Plan, { json, markdown }: ReportFlags, seconds: number): void {
  const reports = [
    { file: json, textOf: toJson },
    { file: markdown, textOf: toMarkdown },
  ];
  for (const { file, textOf } of reports) {
    if (file !== undefined && file !== "-") write(file, textOf(plan));
  }
  const piped = reports.find(({ file }) => file === "-");
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
