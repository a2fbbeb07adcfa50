import { Command } from "commander";
import type { Plan } from "../offline/plan/plan.ts";
import type { Project } from "../offline/project/project.ts";
import { loadStackFile } from "../offline/project/stackFile.ts";
import type { StackFile } from "../offline/project/stackFile.ts";
import { loadAssumptions } from "../offline/stackOptions.ts";
import { reportFailure } from "./failedRun.ts";
import { addStackOptions, projectOf } from "./previewOptions.ts";
import type { StackFlags } from "./previewOptions.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { toJson } from "./reports/json.ts";
import { Places } from "./reports/places.ts";
import { toSarif } from "./reports/sarif.ts";
import { judgementOf } from "./reports/summary.ts";
import { pathInRepository } from "./repository/repository.ts";
import { Reports } from "./requestedReports.ts";
import type { ReportFlags } from "./requestedReports.ts";
import { injectedFileProblems } from "./stack/injectedFiles.ts";
import { requireOwnProgram } from "./stack/ownProgram.ts";
import { unusable } from "./stack/parsedConfig.ts";
import { settingsOf, unusedEnvironment } from "./stack/stackSettings.ts";

type ValidateFlags = StackFlags & Pick<ReportFlags, "json" | "sarif">;

/** `aks-istio validate`: checks the settings of a stack without running the program. */
export function validateCommand(): Command {
  const command = new Command("validate").description(
    "Check a stack's settings in seconds, without running the program",
  );
  return addStackOptions(command)
    .option("--json <file>", "write problems in the format of preview --json; - for stdout")
    .option("--sarif <file>", "write problems as SARIF for code scanning; - for stdout")
    .action(async (directory: string | undefined, flags: ValidateFlags) => {
      const reports = new Reports(flags);
      const told: { project?: Project; stack?: StackFile } = {};
      let warnings: readonly string[];
      try {
        told.project = projectOf(directory);
        requireOwnProgram(told.project);
        told.stack = loadStackFile(told.project, flags);
        warnings = warningsOf(told.project, told.stack, flags);
      } catch (error) {
        const { project, stack } = told;
        const attempt = { project, stack: stack?.stack, stackFile: stack?.file };
        throw await reportFailure(error, { directory, flags, ...attempt }, reports);
      }
      for (const warning of warnings) process.stderr.write(escapeMessage(`warning: ${warning}\n`));
      const { project, stack } = told;
      const plan = withoutResources(project.name, stack, warnings);
      const projectFile = pathInRepository(project.file);
      const piped = await reports.write((format) =>
        format === "json"
          ? toJson(plan)
          : toSarif(plan, judgementOf(plan, false), new Places(plan), projectFile),
      );
      const where = stack.file ?? `the stack ${stack.stack}`;
      process.stdout.write(piped ?? `The settings in ${where} are valid.\n`);
    });
}

/** @throws UsageError if the settings are invalid, or name files that cannot be read */
function warningsOf(
  project: Project,
  stack: StackFile,
  { assume }: ValidateFlags,
): readonly string[] {
  const assumptions = loadAssumptions(assume);
  const { settings, warnings } = settingsOf(project, stack, assumptions);
  const problems = injectedFileProblems(project, settings);
  if (problems.length > 0) throw unusable(stack, problems);
  return [...(stack.hints ?? []), ...unusedEnvironment(assumptions), ...warnings];
}

/** An empty plan with the warnings about valid settings. */
function withoutResources(
  project: string,
  { stack }: StackFile,
  warnings: readonly string[],
): Plan {
  return {
    organization: "",
    project,
    stack,
    config: {},
    resources: [],
    contents: [],
    diagnostics: warnings.map((message) => ({ severity: "warning", message })),
    packs: [],
    violations: [],
    remediations: [],
    notJudged: [],
  };
}
