import { spawn } from "node:child_process";
import { Command, InvalidArgumentError } from "commander";
import { UsageError, messageOf } from "../offline/errors.ts";
import { loadStackFile } from "../offline/project/stackFile.ts";
import type { StackFile } from "../offline/project/stackFile.ts";
import { Faults } from "../rehearsal/faults.ts";
import { startRehearsal } from "../rehearsal/rehearsal.ts";
import { throwaway } from "../rehearsal/throwaway.ts";
import { projectOf, collectValues } from "./previewOptions.ts";
import { escapeMessage } from "./reports/foreignText.ts";

interface RehearseFlags {
  readonly stack?: string;
  readonly configFile?: string;
  readonly day: string;
  readonly fail: readonly string[];
  readonly latency: number;
}

const FAILED_EXIT_CODE = 1;

const UP = ["pulumi", "up", "--yes"];

const REAL = `Rehearsal: the Pulumi CLI, its engine and the program are real. Azure and Entra ID are stand-ins in this process, with
the checks that docs/rehearsing.md lists; Kubernetes objects are taken as they are. The state is thrown away afterwards.
`;

/** `aks-istio rehearse`: the Pulumi CLI deploys a program to stand-ins for Azure. */
export function rehearseCommand(): Command {
  return new Command("rehearse")
    .description("Deploy a program with the Pulumi CLI to stand-ins for Azure, and throw it away")
    .usage("[options] [directory] [-- command...]")
    .argument("[directory]", "the Pulumi program (default: that of the current directory)")
    .argument(
      "[command...]",
      `what to run, after --; a shell, for instance (default: ${UP.join(" ")})`,
    )
    .option("-s, --stack <name>", "the stack (default: the only one with a file, or dev)")
    .option("--config-file <file>", "use this stack file instead of Pulumi.<stack>.yaml")
    .option("--day <date>", "the day it is in Azure: revisions come and go", day, today())
    .option(
      "--fail <fault>",
      "an operation that fails, such as create:ManagedCluster:once; may be repeated",
      collectValues,
      [],
    )
    .option("--latency <milliseconds>", "how long each operation takes", milliseconds, 0)
    .action(
      async (_: string | undefined, __: readonly string[], flags: RehearseFlags, self: Command) => {
        const { directory, command } = wordsOf(self.args, process.argv);
        process.exitCode = await rehearse(directory, command, flags);
      },
    );
}

/** What stands before `--` and after it; the parser does not tell. */
function wordsOf(args: readonly string[], argv: readonly string[]) {
  const dashes = argv.indexOf("--");
  const after = dashes < 0 ? [] : argv.slice(dashes + 1);
  const [directory, ...excess] = args.slice(0, args.length - after.length);
  if (excess.length > 0) {
    throw new UsageError(
      `${excess.join(" ")}: write -- before a command to run, as in aks-istio rehearse -- pulumi preview`,
    );
  }
  return { directory, command: after.length === 0 ? UP : after };
}

async function rehearse(
  directory: string | undefined,
  command: readonly string[],
  { day, fail, latency, ...flags }: RehearseFlags,
): Promise<number> {
  const project = projectOf(directory);
  const stack = loadStackFile(project, flags);
  const faults = Faults.parse(fail);
  const { environment, stop } = await startRehearsal({ day, faults, latencyMs: latency });
  const place = throwaway(project, { name: stack.stack, file: stack.file });
  const env = { ...process.env, ...place.environment, ...passphrase(stack), ...environment };
  const run = (words: readonly string[], quiet = false) =>
    runs(words, { cwd: place.directory, env, quiet });
  try {
    process.stderr.write(REAL);
    const made = await run(["pulumi", "stack", "init", stack.stack], true);
    if (made.code !== 0) {
      throw new UsageError(escapeMessage(`pulumi stack init failed: ${made.output.trim()}`));
    }
    const { code } = await run(command);
    return code === 0 ? 0 : FAILED_EXIT_CODE;
  } finally {
    stop();
    place.remove();
  }
}

/** The user's own where secrets are in the file. */
function passphrase({ encryptionSalt }: StackFile): NodeJS.ProcessEnv {
  return encryptionSalt === undefined ? { PULUMI_CONFIG_PASSPHRASE: "rehearsal" } : {};
}

/** @throws UsageError where it cannot be started */
function runs(
  [program = "", ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly quiet: boolean },
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { cwd, env, quiet } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: quiet ? "pipe" : "inherit" });
    // Ctrl+C reaches the command as well, which ends in order.
    const wait = () => undefined;
    process.on("SIGINT", wait);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.once("error", (error) => {
      process.off("SIGINT", wait);
      reject(
        new UsageError(
          `${program} cannot be started: ${messageOf(error)}. A rehearsal takes the Pulumi CLI: https://www.pulumi.com/docs/iac/download-install/`,
        ),
      );
    });
    child.once("close", (code) => {
      process.off("SIGINT", wait);
      resolve({ code, output });
    });
  });
}

function day(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError("Write a date such as 2026-08-24.");
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function milliseconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number of milliseconds, up to 999999.");
}
