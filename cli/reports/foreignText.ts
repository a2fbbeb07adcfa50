/**
 * Text that a program, a pack or a file wrote. A terminal would act on its control characters, and a CI system on its
 * commands; what is shown here is what was written.
 */

/**
 * Control characters, marks that change the direction of text or are invisible, separators that some readers take for
 * a line end, and halves of characters.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** On a terminal, with the lines that it has: `\x1b` in place of an escape. */
export function inTerminal(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(UNSEEN, (character) =>
      character === "\n" || character === "\t" ? character : written(character),
    );
}

/** The same as one line, for what has its place in a row. */
export function inTerminalLine(text: string): string {
  return text.replace(UNSEEN, written);
}

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

/**
 * Output that a CI system may read, whole: no line of it is a command. GitHub's runner takes `::` at the beginning of a
 * line, after any white space, and `##[` anywhere in it; Azure Pipelines takes `##vso[` and TeamCity `##teamcity[`. Their
 * first character is written as its code.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export function inLog(output: string): string {
  return output.replace(/^([^\S\n]*):(?=:)|#(?=#(?:vso|teamcity)?\[)/gim, (_, indent?: string) =>
    indent === undefined ? "\\x23" : `${indent}\\x3a`,
  );
}

/** A message for stderr, which quotes what others wrote. */
export function inMessage(text: string): string {
  return inLog(inTerminal(text));
}
