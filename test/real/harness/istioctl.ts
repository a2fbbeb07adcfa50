import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The output of a program, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs istioctl; its own failure is a result, not an error. */
export async function istioctl(
  program: string,
  args: readonly string[],
  kubeconfig?: string,
): Promise<Outcome> {
  const environment = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    // Without our own cluster, none at all: never the one in the user's KUBECONFIG.
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
