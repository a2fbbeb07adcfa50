import { Option } from "commander";
import type { Command } from "commander";
import { UsageError } from "../../offline/errors.ts";
import { exitCodeOf } from "../../operate/observation.ts";
import type { Observation } from "../../operate/observation.ts";
import { closest } from "../../text/suggest.ts";
import { stylesFor } from "../output/styles.ts";
import { OUTPUTS, printReport } from "../reports/observations.ts";
import type { CheckReport, Output } from "../reports/observations.ts";

/** The options of commands that check something and report observations. */
export interface CheckFlags {
  readonly output: Output;
  readonly skip?: readonly string[];
}

export function addCheckOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-o, --output <format>", "format of the result").choices(OUTPUTS).default("table"),
    )
    .option("--skip <checks...>", "leave out these checks, by their names");
}

/** @throws UsageError for a name in `--skip` that is no check, and if it leaves out every check */
export function requireChecks({ skip = [] }: CheckFlags, checks: readonly string[]): void {
  const wrong = skip.filter((name) => !checks.includes(name));
  if (checks.every((name) => skip.includes(name))) {
    throw new UsageError("--skip leaves out every check, so nothing would be checked.");
  }
  if (wrong.length === 0) return;
  throw new UsageError(
    wrong
      .map((name) => {
        const meant = closest(name, checks);
        return `"${name}" is not a check${meant === undefined ? `. The checks: ${checks.join(", ")}` : `; did you mean ${meant}?`}`;
      })
      .join("\n"),
  );
}

/** A report without the checks that are left out. */
export function withoutSkipped(report: CheckReport, { skip = [] }: CheckFlags): CheckReport {
  const observations: readonly Observation[] = report.observations.filter(
    ({ check }) => !skip.includes(check),
  );
  return { ...report, observations };
}

/** Prints what the checks say, and sets the exit code. */
export function finish(report: CheckReport, flags: CheckFlags): void {
  const told = withoutSkipped(report, flags);
  process.stdout.write(printReport(told, flags.output, stylesFor(process.stdout)));
  process.exitCode = exitCodeOf(told.observations);
}
