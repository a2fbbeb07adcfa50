import { spawn } from "node:child_process";

export interface ShellRun {
  readonly code: number | null;
  /** What it printed, to stdout and stderr. */
  readonly log: string;
}

/** Runs a script with only the given environment. */
export function shell(
  [program = "", ...args]: readonly string[],
  script: string,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<ShellRun> {
  const child = spawn(program, [...args, script], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (log += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, log });
    });
  });
}
