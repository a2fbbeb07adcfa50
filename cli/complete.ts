import { Command } from "commander";
import { completionsOf } from "./completion/completions.ts";
import type { Suggestions } from "./completion/completions.ts";
import { stacksHere } from "./completion/stacksHere.ts";

/**
 * `complete`, which the scripts of `completion` run: prints what may stand at the cursor, a candidate a line, with a tab
 * and a description if it has one. `:files` and `:directories` stand for the paths that the shell finds.
 *
 * @param programFor the program with the command of that name, or with the names of all without one
 */
export function completeCommand(
  programFor: (name: string | undefined) => Promise<Command>,
  suggestions: Suggestions,
): Command {
  return new Command("complete")
    .description("Print what may follow on a command line")
    .requiredOption("--word <word>", "the word at the cursor, as far as it is written")
    .argument("[before...]", "the words before it, without the program")
    .action(async (before: readonly string[], { word }: { readonly word: string }) => {
      const program = await programFor(before[0]);
      const all = { stack: stacksHere, ...suggestions };
      const { words, paths } = completionsOf(program, before, word, all);
      const lines = words.map(({ value, description = "" }) =>
        description === "" ? value : `${value}\t${description}`,
      );
      if (paths !== undefined) lines.push(`:${paths}`);
      process.stdout.write(lines.map((line) => `${line}\n`).join(""));
    });
}
