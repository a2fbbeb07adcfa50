import type { Command, Option } from "commander";
import { shellWord } from "../../text/shellWord.ts";

/** The commands that go on from where a run of a stack has stopped. */
export interface RunCommands {
  /** Says where the upgrade stands. */
  readonly status: string;
  readonly forward: string;
  readonly back: string;
}

/** What the commands say themselves, or what the user wanted of this run only. */
const OF_THE_RUN = ["stack", "run", "back", "to", "dryRun", "output"];
const ONLY_OF_RUNS = ["wave", "timeout", "policyPack", "stopAfter"];

/**
 * The commands with the options that the user typed, as far as they are not about this run only. The one in the direction
 * of this run also stops where this run was to stop.
 */
export function runCommands(
  typed: Command,
  directory: string | undefined,
  stack: string,
): RunCommands {
  const place = directory === undefined ? "" : ` ${shellWord(directory)}`;
  const command = `npx aks-istio upgrade${place} --stack ${shellWord(stack)}`;
  const same = typedOptions(typed, OF_THE_RUN);
  const other = typedOptions(typed, [...OF_THE_RUN, "stopAfter"]);
  const goesBack = typed.getOptionValue("back") === true;
  return {
    status: `${command}${typedOptions(typed, [...OF_THE_RUN, ...ONLY_OF_RUNS])}`,
    forward: `${command}${goesBack ? other : same} --run`,
    back: `${command}${goesBack ? same : other} --back --run`,
  };
}

/**
 * Options that a user typed, to be typed again: ` --context prod --no-policy-pack`, or nothing.
 *
 * @param without the options to leave out, by the names of their values
 */
function typedOptions(command: Command, without: readonly string[]): string {
  return command.options
    .filter((option) => {
      const name = option.attributeName();
      return command.getOptionValueSource(name) === "cli" && !without.includes(name);
    })
    .map((option) => ` ${typed(option, command.getOptionValue(option.attributeName()))}`)
    .join("");
}

function typed({ long = "" }: Option, value: unknown): string {
  if (typeof value === "boolean") return long;
  const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  const seconds = long === "--timeout" ? "s" : "";
  return [long, ...values.map((one) => shellWord(`${String(one)}${seconds}`))].join(" ");
}
