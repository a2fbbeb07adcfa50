import { Command } from "commander";
import { loadStackFile } from "../offline/project/stackFile.ts";
import type { StackFile } from "../offline/project/stackFile.ts";
import { judgeSettingsChange } from "../settings/change.ts";
import { loadStackBefore } from "./repository/deployedBefore.ts";
import { addStackOptions, projectOf } from "./previewOptions.ts";
import type { StackFlags } from "./previewOptions.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { changeLines, changeText, upgradeStatus, upgradeText } from "./reports/upgrade.ts";
import type { Comparison } from "./reports/upgrade.ts";
import { loadAssumptions } from "./stackConfig.ts";
import { requireOwnProgram } from "./stack/ownProgram.ts";
import { settingsOf, unusedEnvironment } from "./stack/stackSettings.ts";

interface UpgradeFlags extends StackFlags {
  readonly before?: string;
  readonly json?: boolean;
}

const ILLEGAL_EXIT_CODE = 1;

/** `aks-istio upgrade`: the state of a mesh upgrade, and whether a change of its settings is a legal step. */
export function upgradeCommand(): Command {
  const command = new Command("upgrade").description(
    "Show the state of a canary upgrade, the next step, and how to roll back",
  );
  return addStackOptions(command)
    .option(
      "--before <file or revision>",
      "check whether one deployment may go from this earlier state to the current settings; a stack file or a Git revision such as origin/main",
    )
    .option("--json", "print the state as JSON")
    .action((directory: string | undefined, { before, json, ...flags }: UpgradeFlags) => {
      const project = projectOf(directory);
      requireOwnProgram(project);
      const stack = loadStackFile(project, flags);
      const assumptions = loadAssumptions(flags.assume);
      const { settings } = settingsOf(project, stack, assumptions);

      const compareWith = (from: string): Comparison => {
        const earlier: StackFile | undefined = loadStackBefore(project, stack, from);
        if (earlier === undefined) return { from, change: undefined };
        const { settings: was } = settingsOf(project, earlier, assumptions);
        return { from, change: judgeSettingsChange(was, settings) };
      };
      const comparison = before === undefined ? undefined : compareWith(before);
      for (const warning of unusedEnvironment(assumptions)) {
        process.stderr.write(escapeMessage(`warning: ${warning}\n`));
      }
      const problems = comparison?.change?.problems ?? [];
      const illegal = problems.some(({ severity }) => severity === "error");
      if (illegal) process.exitCode = ILLEGAL_EXIT_CODE;

      if (json === true) {
        const status = upgradeStatus(settings, comparison);
        process.stdout.write(`${JSON.stringify(status, undefined, 2)}\n`);
        return;
      }
      for (const line of changeLines(project.name, problems)) {
        process.stderr.write(escapeMessage(`${line}\n`));
      }
      // The next step is irrelevant if this step is illegal.
      if (illegal) return;
      process.stdout.write(upgradeText(settings));
      if (comparison !== undefined) {
        process.stdout.write(`\n${changeText(stack.stack, comparison)}`);
      }
    });
}
