import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { UsageError } from "../../offline/errors.ts";
import { killGroup } from "../../processes/killGroup.ts";
import { onEnd } from "../../processes/onEnd.ts";

const NPM = ["npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];

/** The command that installs exactly what a lockfile lists, and runs no script of a package. */
export function installCommand(lockfile: string): readonly string[] {
  switch (basename(lockfile)) {
    case "pnpm-lock.yaml":
      return ["pnpm", "install", "--frozen-lockfile", "--ignore-scripts", "--prefer-offline"];
    case "yarn.lock":
      // Yarn 1 has no metadata in its lockfile, and other options.
      return /^__metadata:/m.test(readFileSync(lockfile, "utf8"))
        ? ["yarn", "install", "--immutable", "--mode=skip-build"]
        : ["yarn", "install", "--frozen-lockfile", "--ignore-scripts"];
    default:
      return NPM;
  }
}

/** How many lines an error shows of the start and of the end of its output: npm ends with its help. */
const SHOWN = { start: 5, end: 10 } as const;

/** @throws UsageError with what it said if it fails */
export async function runInstall(command: readonly string[], directory: string): Promise<void> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const forget = onEnd(() => {
    killGroup(child.pid);
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  }
  const problem = await new Promise<string | undefined>((resolve) => {
    child.once("error", ({ message }) => {
      resolve(message);
    });
    child.once("close", (code, signal) => {
      const why = `${signal ?? `exit code ${code ?? "none"}`}: ${shortened(said.trim())}`;
      resolve(code === 0 ? undefined : why);
    });
  });
  forget();
  if (problem === undefined) return;
  throw new UsageError(
    `${command.join(" ")} failed: ${problem}\nTo compare without packages, pass --against a file that preview --json has written there.`,
  );
}

function shortened(text: string): string {
  const lines = text.split("\n");
  const { start, end } = SHOWN;
  return lines.length <= start + end
    ? text
    : [...lines.slice(0, start), "…", ...lines.slice(-end)].join("\n");
}
