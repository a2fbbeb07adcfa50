import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** The IDs of the processes whose command line contains a text. */
export function processesOf(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    });
}

/** The parent ID of a process; undefined if the process is gone. */
export function parentOf(pid: string): number | undefined {
  try {
    const [, parent] = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(parent);
  } catch {
    return undefined;
  }
}

/** Options of a preview whose findings must not change when the support of a version ends. */
export const ON_A_FIXED_DAY: readonly string[] = [
  ...["--policy-pack", join(root, "policy")],
  ...["--policy-pack-config", join(__dirname, "fixedDay.json")],
];

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user would, from the directory of this project or another one. */
export function aksIstio(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  directory = root,
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(root, "bin/aks-istio.js"), ...args], {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
