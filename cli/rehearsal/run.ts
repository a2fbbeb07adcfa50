import { spawn } from "node:child_process";
import { UsageError, messageOf } from "../../offline/errors.ts";

/** The result of a command; `output` is empty unless it ran quietly. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command in this process's terminal, unless `quiet`.
 *
 * @throws UsageError if it cannot be started
 */
export function run(
  [program = "", ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly quiet: boolean },
): Promise<Ended> {
  const { cwd, env, quiet } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: quiet ? "pipe" : "inherit" });
    // This process outlives the command to clean up. The terminal sends Ctrl+C to both.
    const pass = (signal: NodeJS.Signals) => {
      if (signal !== "SIGINT") child.kill(signal);
    };
    const listen = (action: "on" | "off") => {
      for (const signal of SIGNALS) process[action](signal, pass);
    };
    listen("on");
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.once("error", (error) => {
      listen("off");
      reject(
        new UsageError(
          `${program} cannot be started: ${messageOf(error)}. A rehearsal requires the Pulumi CLI: https://www.pulumi.com/docs/iac/download-install/`,
        ),
      );
    });
    child.once("close", (code) => {
      listen("off");
      resolve({ code, output });
    });
  });
}
