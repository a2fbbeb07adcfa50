import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The shells with a script, and its file. */
const FILES = {
  bash: "completion.bash",
  zsh: "completion.zsh",
  fish: "completion.fish",
  powershell: "completion.ps1",
} as const;

export type Shell = keyof typeof FILES;
export const SHELLS = Object.keys(FILES) as readonly Shell[];

/**
 * A script that lets a shell complete the command lines of a program. For each word, it runs the program as the line
 * calls it, with the command `complete`.
 */
export function completionScript(shell: Shell, program: string): string {
  const text = readFileSync(join(__dirname, "scripts", FILES[shell]), "utf8");
  return text.replaceAll("PROGRAM", program);
}
