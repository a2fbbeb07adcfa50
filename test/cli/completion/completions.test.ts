import { Argument, Command, Option } from "commander";
import { expect, test } from "vitest";
import { completionsOf } from "../../../cli/completion/completions.ts";
import type { Completions } from "../../../cli/completion/completions.ts";

const program = () =>
  new Command("tool")
    .version("1.0.0")
    .addCommand(
      new Command("plan")
        .description("Plan a stack")
        .argument("[directory]", "")
        .option("-s, --stack <name>", "the stack")
        .addOption(new Option("-o, --output <format>", "the format").choices(["table", "json"]))
        .option("--from <files...>", "saved answers")
        .option("--pack [directory]", "a pack")
        .option("--port <number>", "a port")
        .option("--details", "everything")
        .addOption(new Option("--secret", "for nobody").hideHelp()),
    )
    .addCommand(
      new Command("shell")
        .addArgument(new Argument("<shell>", "").choices(["bash", "zsh"]))
        .addArgument(new Argument("[files...]", "")),
    )
    .addCommand(
      new Command("explain")
        .argument("<policy>", "")
        .addCommand(new Command("request").argument("<from>", "").argument("<to>", "")),
    )
    .addCommand(new Command("internal"), { hidden: true });

const OPTIONS_OF_PLAN = [
  "--stack",
  "--output",
  "--from",
  "--pack",
  "--port",
  "--details",
  "--help",
];

const SUGGESTIONS = {
  stack: ({ positionals }: { readonly positionals: readonly string[] }) =>
    positionals.length === 0 ? ["dev", "prod"] : positionals,
  policy: () => ["mesh-osm-conflict", "mesh-revision"],
};

/** The completions of a line, of which `|` ends the last word. */
function completed(line: string): Completions {
  const words = line.replace(/\|$/, "").split(" ");
  return completionsOf(program(), words.slice(1, -1), words.at(-1) ?? "", SUGGESTIONS);
}
const values = (line: string) => completed(line).words.map(({ value }) => value);

test.each([
  ["commands", "tool |", ["plan", "shell", "explain"]],
  ["commands that begin so", "tool pl|", ["plan"]],
  ["options of the program", "tool --|", ["--version", "--help"]],
  ["options of a command, without hidden ones", "tool plan --|", OPTIONS_OF_PLAN],
  ["options that begin so", "tool plan --de|", ["--details"]],
  ["options after others", "tool plan --details --stack dev --o|", ["--output"]],
  ["choices", "tool plan --output |", ["table", "json"]],
  ["choices of the short name", "tool plan -o j|", ["json"]],
  ["choices after =", "tool plan --output=j|", ["--output=json"]],
  ["a value that the program knows", "tool plan --stack |", ["dev", "prod"]],
  ["a value for what the line names", "tool plan here --stack |", ["here"]],
  ["a value even if it begins like an option", "tool plan --stack -|", []],
  ["an option instead of an optional value", "tool plan --pack --de|", ["--details"]],
  ["an option instead of one more value", "tool plan --from a.json --de|", ["--details"]],
  ["no option instead of the first value", "tool plan --from --de|", []],
  ["nothing for a value that nobody knows", "tool plan --port |", []],
  ["nothing for an unknown option", "tool plan --port=8|", []],
  ["nothing for the value of a switch", "tool plan --details=|", []],
  ["nothing below an unknown command", "tool plant --|", ["--version", "--help"]],
  ["arguments", "tool shell |", ["bash", "zsh"]],
  ["no command after an argument", "tool explain mesh-revision |", []],
  ["commands and arguments", "tool explain |", ["request", "mesh-osm-conflict", "mesh-revision"]],
  ["a command below a command", "tool explain request --|", ["--help"]],
  ["no option after --", "tool plan -- --|", []],
])("completes %s: %s", (_, line, expected) => {
  expect(values(line)).toEqual(expected);
});

test.each([
  ["tool plan |", "directories"],
  ["tool plan dir|", "directories"],
  ["tool plan here |", undefined],
  ["tool plan --pack |", "directories"],
  ["tool plan --pack=|", "directories"],
  ["tool plan --from |", "files"],
  ["tool plan --from a.json |", "files"],
  ["tool plan --from=a.json |", "directories"],
  ["tool plan --details |", "directories"],
  ["tool plan -- |", "directories"],
  ["tool shell bash |", "files"],
  ["tool shell bash a.yaml |", "files"],
  ["tool shell - |", "files"],
  ["tool shell |", undefined],
] as const)("%s is completed with %s", (line, expected) => {
  expect(completed(line).paths).toBe(expected);
});

test("an option has its description", () => {
  expect(completed("tool plan --de|")).toEqual({
    words: [{ value: "--details", description: "everything" }],
  });
});
