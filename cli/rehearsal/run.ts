import { spawn } from "node:child_process";
import { UsageError, messageOf } from "../../offline/errors.ts";

/** How a command ended; `output` is empty unless it was quiet. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command, with the terminal of this one unless `quiet`.
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
    // The command ends first, so the caller can clean up. Ctrl+C reaches it without help.
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
