import { Command } from "commander";
import { version } from "../package.json";
import { UsageError, messageOf } from "../offline/errors.ts";
import type { Suggestions } from "./completion/completions.ts";
import { LocatedError } from "./output/locatedError.ts";
import { locateProblems } from "./output/problems.ts";
import { toleratePrintFailures } from "./output/standardStreams.ts";
import { escapeMessage } from "./reports/foreignText.ts";

const USAGE_EXIT_CODE = 2;

const VERSION = ["-V", "--version"];

/** The command that the scripts of `completion` run. It is not for users, so no help lists it. */
const COMPLETE = "complete";

/** Loads a command when it is needed. */
type Load = () => Promise<Command>;

/** A program on the command line. */
export interface CommandLine {
  readonly name: string;
  readonly description: string;
  /** The commands in the order of the help. Each loads only what it needs: `check` starts in a third of the time. */
  readonly commands: Readonly<Record<string, Load>>;
  /** Words that a shell completes for a value, by the name of its placeholder. Every program completes stacks. */
  readonly suggestions?: Suggestions;
  /** Whether the user can fix an error that is not a UsageError. */
  readonly isExpected?: (error: unknown) => error is Error;
}

/** Runs the command that the user names, and ends the process with its exit code. */
export function runCommands(line: CommandLine): void {
  toleratePrintFailures();
  run(line).catch((error: unknown) => {
    if (error instanceof UsageError || line.isExpected?.(error) === true) {
      const here = { directory: process.cwd(), programDirectory: process.cwd(), project: "" };
      const text =
        error instanceof LocatedError ? error.message : locateProblems(error.message, here).text;
      complain(`${text}\n`);
    } else {
      const trace = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
      complain(`This is a bug in ${line.name}. Please report it:\n${trace}\n`);
    }
    process.exit(USAGE_EXIT_CODE);
  });
}

async function run(line: CommandLine): Promise<void> {
  const program = newProgram(line);
  const [, , name = ""] = process.argv;
  if (name === COMPLETE) {
    program.addCommand(await completeOf(line));
  } else {
    // No command has to load for the version.
    if (!VERSION.includes(name)) await addCommands(program, line, name);
    program.hook("preAction", (_, command) => {
      requireValues(command);
    });
  }
  for (const command of program.commands) inherit(command, program);
  await program.parseAsync();
}

function newProgram({ name, description }: CommandLine): Command {
  return (
    new Command(name)
      .description(description)
      .version(version)
      .showSuggestionAfterError()
      // Options after the name of a command belong to that, even if the command above has the same.
      .enablePositionalOptions()
      .configureOutput({ writeErr: complain })
      .exitOverride((exit) => {
        // Commander has already printed the help, or which argument is wrong.
        process.exit(exit.exitCode === 0 ? 0 : USAGE_EXIT_CODE);
      })
  );
}

/** Adds the command that the user names, or all of them for the help and for suggestions. */
async function addCommands(program: Command, line: CommandLine, name: string): Promise<void> {
  const commands = allOf(line);
  const named = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const loads = named === undefined ? Object.values(commands) : [named];
  for (const command of await Promise.all(loads.map((load) => load()))) {
    program.addCommand(command);
  }
}

function allOf({ name, commands }: CommandLine): CommandLine["commands"] {
  const completion = async () => (await import("./completion.ts")).completionCommand(name);
  return { ...commands, completion };
}

/** The command that completes a line. While the user types the name of a command, no command is loaded. */
async function completeOf(line: CommandLine): Promise<Command> {
  const commands = allOf(line);
  const programFor = async (name = "") => {
    const program = newProgram(line);
    if (Object.hasOwn(commands, name)) await addCommands(program, line, name);
    else for (const one of Object.keys(commands)) program.addCommand(new Command(one));
    return program;
  };
  return (await import("./complete.ts")).completeCommand(programFor, line.suggestions ?? {});
}

/**
 * A script whose variable is not set passes an empty value, which would be the current directory as a path.
 *
 * @throws UsageError
 */
function requireValues(command: Command): void {
  const isEmpty = (value: unknown) => value === "" || (Array.isArray(value) && value.includes(""));
  const names = [
    ...command.registeredArguments
      .filter((_, i) => isEmpty(command.processedArgs[i]))
      .map((argument) => argument.name()),
    ...command.options
      .filter((one) => !one.negate && isEmpty(command.getOptionValue(one.attributeName())))
      .map(({ long, short }) => long ?? short ?? ""),
  ];
  if (names.length === 0) return;
  throw new UsageError(
    names.map((name) => `${name} "" is empty. Give it a value, or leave it out.`).join("\n"),
  );
}

/** Gives a command, and those below it, the settings of the program. */
function inherit(command: Command, program: Command): void {
  command.copyInheritedSettings(program);
  for (const below of command.commands) inherit(below, program);
}

/** Error messages quote text from files, programs and packs. */
function complain(text: string): void {
  process.stderr.write(escapeMessage(text));
}
