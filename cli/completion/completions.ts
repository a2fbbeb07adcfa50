import type { Argument, Command, Option } from "commander";

/** What may stand where the cursor is. */
export interface Completions {
  readonly words: readonly Word[];
  /** Whether the shell adds the files, or the directories, that it finds. */
  readonly paths?: "files" | "directories";
}

export interface Word {
  readonly value: string;
  readonly description?: string;
}

/** The words that a value may be, by the name of its placeholder: `revision` for `--to <revision>`. */
export type Suggestions = Readonly<Record<string, (cursor: Cursor) => readonly string[]>>;

/** What stands before the cursor. */
export interface Cursor {
  /** The arguments of the command that are not options or their values. */
  readonly positionals: readonly string[];
}

/** Placeholders that name something in the file system. */
const PATHS: Readonly<Record<string, Completions["paths"]>> = {
  directory: "directories",
  tree: "directories",
  file: "files",
  files: "files",
  path: "files",
  paths: "files",
  report: "files",
  "file or revision": "files",
  "revision or plan": "files",
};

/**
 * What may follow in a command line.
 *
 * @param program the program with its commands, or with the one that the line names
 * @param before the words after the name of the program, up to the one at the cursor
 * @param word the word at the cursor, as far as it is written; may be empty
 * @returns all that begins with `word`
 */
export function completionsOf(
  program: Command,
  before: readonly string[],
  word: string,
  suggestions: Suggestions,
): Completions {
  const { command, cursor, open, optionsEnded } = read(program, before);
  if (open !== undefined && (open.needsValue || !word.startsWith("-"))) {
    return beginning(word, valuesOf(open.option, suggestions, cursor));
  }
  if (!optionsEnded && word.startsWith("-")) {
    const at = word.indexOf("=");
    if (at === -1) return beginning(word, { words: optionsOf(command) });
    const option = optionWithValue(command, word.slice(0, at));
    if (option === undefined) return { words: [] };
    const completions = valuesOf(option, suggestions, cursor);
    return prefixed(word.slice(0, at + 1), beginning(word.slice(at + 1), completions));
  }
  const values = valuesOf(argumentAt(command, cursor.positionals.length), suggestions, cursor);
  const commands = cursor.positionals.length === 0 && !optionsEnded ? commandsOf(command) : [];
  return beginning(word, { ...values, words: [...commands, ...values.words] });
}

interface Read {
  readonly command: Command;
  readonly cursor: Cursor;
  /** An option whose value may come next. */
  readonly open: { readonly option: Option; readonly needsValue: boolean } | undefined;
  /** Whether `--` was among the words. */
  readonly optionsEnded: boolean;
}

function read(program: Command, before: readonly string[]): Read {
  let command = program;
  let open: Read["open"];
  const positionals: string[] = [];
  for (const [i, word] of before.entries()) {
    if (open?.needsValue === true) {
      open = open.option.variadic ? { ...open, needsValue: false } : undefined;
    } else if (word === "--") {
      positionals.push(...before.slice(i + 1));
      return { command, cursor: { positionals }, open: undefined, optionsEnded: true };
    } else if (word.startsWith("-") && word !== "-") {
      const option = word.includes("=") ? undefined : optionWithValue(command, word);
      open = option && { option, needsValue: option.required };
    } else if (open !== undefined) {
      if (!open.option.variadic) open = undefined;
    } else {
      const named = positionals.length === 0 ? commandNamed(command, word) : undefined;
      if (named === undefined) positionals.push(word);
      else command = named;
    }
  }
  return { command, cursor: { positionals }, open, optionsEnded: false };
}

function commandNamed(command: Command, name: string): Command | undefined {
  return command.commands.find((one) => one.name() === name);
}

function optionWithValue({ options }: Command, name: string): Option | undefined {
  return options.find(
    ({ long, short, required, optional }) =>
      (long === name || short === name) && (required || optional),
  );
}

function argumentAt({ registeredArguments }: Command, position: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[position] ?? (last?.variadic === true ? last : undefined);
}

/** Without `help`, for which the option is enough. */
function commandsOf(command: Command): readonly Word[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible
    .filter((one) => command.commands.includes(one))
    .map((one) => ({ value: one.name(), description: one.description() }));
}

/** The long names; short ones need no completion. */
function optionsOf(command: Command): readonly Word[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) =>
      typeof long === "string" ? [{ value: long, description }] : [],
    );
}

function valuesOf(
  taker: Argument | Option | undefined,
  suggestions: Suggestions,
  cursor: Cursor,
): Completions {
  if (taker === undefined) return { words: [] };
  const name = placeholderOf(taker);
  const values = taker.argChoices ?? suggestions[name]?.(cursor) ?? [];
  const paths = PATHS[name];
  return { words: values.map((value) => ({ value })), ...(paths && { paths }) };
}

/** `revision` for `--to <revision>`, `stack` for `--stack <name>`, `paths` for `[paths...]`. */
function placeholderOf(taker: Argument | Option): string {
  if (!("flags" in taker)) return taker.name();
  const name = /[<[]([^>\]]+?)(?:\.\.\.)?[>\]]/.exec(taker.flags)?.[1] ?? "";
  return name === "name" ? taker.name() : name;
}

function beginning(start: string, { words, ...others }: Completions): Completions {
  return { words: words.filter(({ value }) => value.startsWith(start)), ...others };
}

function prefixed(prefix: string, { words, ...others }: Completions): Completions {
  return { words: words.map((word) => ({ ...word, value: prefix + word.value })), ...others };
}
