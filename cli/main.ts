import { join } from "node:path";
import { Command } from "commander";
import { version } from "../package.json";
import { UsageError, messageOf } from "../offline/errors.ts";
import { explainCommand } from "./explain.ts";
import { LocatedError } from "./failedRun.ts";
import { previewCommand } from "./preview.ts";
import { initCommand } from "./init.ts";
import { locateProblems } from "./output/problems.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { rehearseCommand } from "./rehearse.ts";
import { renderCommand } from "./render.ts";
import { toleratePrintFailures } from "./output/standardStreams.ts";
import { upgradeCommand } from "./upgrade.ts";
import { validateCommand } from "./validate.ts";

/** The checkout or installation that contains this file. */
const home = join(__dirname, "..");

const USAGE_EXIT_CODE = 2;

async function main(): Promise<void> {
  const program = new Command("aks-istio")
    .description("Infrastructure code for AKS with the Istio-based service mesh add-on")
    .version(version)
    .showSuggestionAfterError()
    .configureOutput({ writeErr: complain })
    .exitOverride((exit) => {
      // Commander has already printed the help, or which argument is wrong.
      process.exit(exit.exitCode === 0 ? 0 : USAGE_EXIT_CODE);
    });
  const commands = [
    initCommand(),
    previewCommand(home),
    rehearseCommand(),
    renderCommand(home),
    upgradeCommand(),
    validateCommand(),
    explainCommand(home),
  ];
  for (const command of commands) {
    command.copyInheritedSettings(program);
    program.addCommand(command);
  }
  await program.parseAsync();
}

/** Error messages quote text from files, programs and packs. */
function complain(text: string): void {
  process.stderr.write(escapeMessage(text));
}

toleratePrintFailures();

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    const here = { directory: process.cwd(), programDirectory: process.cwd(), project: "" };
    const text =
      error instanceof LocatedError ? error.message : locateProblems(error.message, here).text;
    complain(`${text}\n`);
  } else {
    const trace = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
    complain(`This is a bug in aks-istio. Please report it:\n${trace}\n`);
  }
  process.exit(USAGE_EXIT_CODE);
});
