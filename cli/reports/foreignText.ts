/**
 * Escapes text from a program, a pack or a file. A terminal would act on its control characters, and a CI system on its
 * commands; these functions make it show the text instead.
 */

/**
 * Control characters, invisible and direction marks, separators that some readers treat as a line break, and unpaired
 * surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Escapes text for a terminal and keeps its lines: an escape character becomes `\x1b`. */
export function escapeForTerminal(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(UNSEEN, (character) =>
      character === "\n" || character === "\t" ? character : written(character),
    );
}

/** The same as a single line, for table cells. */
export function escapeForTerminalLine(text: string): string {
  return text.replace(UNSEEN, written);
}

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

/**
 * Escapes whole output that a CI system may read, so no line of it is a command. GitHub's runner reads `::` at the
 * start of a line, after any white space, and `##[` anywhere in it; Azure Pipelines reads `##vso[` and TeamCity
 * `##teamcity[`. Their first character is replaced by its code.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export function escapeForLog(output: string): string {
  return output.replace(/^([^\S\n]*):(?=:)|#(?=#(?:vso|teamcity)?\[)/gim, (_, indent?: string) =>
    indent === undefined ? "\\x23" : `${indent}\\x3a`,
  );
}

/** Escapes a message for stderr that quotes foreign text. */
export function escapeMessage(text: string): string {
  return escapeForLog(escapeForTerminal(text));
}
