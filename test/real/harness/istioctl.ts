import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What a program wrote, and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs istioctl; a failure of its own making is an outcome, not an error. */
export async function istioctl(
  program: string,
  args: readonly string[],
  kubeconfig?: string,
): Promise<Outcome> {
  const environment = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    // Without a cluster of ours, none at all: never the one that the user's own KUBECONFIG happens to name.
    KUBECONFIG: kubeconfig ?? "/dev/null",
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], {
      env: environment,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { code, stdout: stdout ?? "", stderr: stderr ?? "" };
  }
}
