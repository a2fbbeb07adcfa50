import { join } from "node:path";
import { Command } from "commander";
import { version } from "../package.json";
import { UsageError, messageOf } from "../offline/errors.ts";
import { LocatedError } from "./output/locatedError.ts";
import { locateProblems } from "./output/problems.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { toleratePrintFailures } from "./output/standardStreams.ts";

/** The checkout or installation that contains this file. */
const home = join(__dirname, "..");

const USAGE_EXIT_CODE = 2;

/** The commands in the order of the help. Each loads only what it needs: `check` starts in a third of the time. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import("./init.ts")).initCommand(),
  preview: async () => (await import("./preview.ts")).previewCommand(home),
  check: async () => (await import("./check.ts")).checkCommand(home),
  rehearse: async () => (await import("./rehearse.ts")).rehearseCommand(),
  render: async () => (await import("./render.ts")).renderCommand(home),
  upgrade: async () => (await import("./upgrade.ts")).upgradeCommand(),
  validate: async () => (await import("./validate.ts")).validateCommand(),
  explain: async () => (await import("./explain.ts")).explainCommand(home),
};

/** The command that the user names, or all of them for the help and for suggestions. */
function commandsFor(name = ""): readonly (() => Promise<Command>)[] {
  const named = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return named === undefined ? Object.values(COMMANDS) : [named];
}

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
  for (const command of await Promise.all(commandsFor(process.argv[2]).map((load) => load()))) {
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
