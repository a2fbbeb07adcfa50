import { spawnSync } from "node:child_process";

/** Runs a command that must succeed, and returns its standard output. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): string {
  const { error, status, stdout, stderr } = spawnSync(command, [...args], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (error !== undefined) throw error;
  if (status !== 0) {
    throw new Error(
      `${command} ${args.join(" ")} failed with exit code ${status ?? ""}: ${stderr}`,
    );
  }
  return stdout;
}
