import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { UsageError, messageOf } from "../errors.ts";
import { startGroupWatch } from "./groupWatch.ts";

/** How a child ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether a process that it started kept its output open, so its last lines may be missing. */
  readonly outputHeld: boolean;
}

export interface Child {
  readonly ended: Promise<Ended>;
  readonly stop: () => void;
}

/** How long the output of a child may stay open after its end, as in the Pulumi CLI. */
const MAX_OUTPUT_HELD_MS = 5_000;

const SIGNALS = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const;

const running = new Set<ChildProcess>();

process.on("exit", () => {
  for (const child of running) killGroup(child);
});

/**
 * Starts a Node.js process in its own process group, and stops the whole group when that process ends, on request, and
 * when this process ends for any reason. A daemon that leaves the group keeps running, because it may be a shared
 * service such as Git's credential cache. `onText` gets the output in pieces as they arrive.
 *
 * @throws UsageError if arguments and environment exceed the system's limit
 */
export function startNode(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly onText?: (stream: "stdout" | "stderr", text: string) => void;
  },
): Child {
  const watch = startGroupWatch();
  const child = spawnNode(args, options.cwd, { ...process.env, ...options.env });
  if (child.pid !== undefined) watch.watchGroup(child.pid);
  add(child);

  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8");
    child[stream].on("data", (text: string) => options.onText?.(stream, text));
  }

  const ended = new Promise<Ended>((resolve, reject) => {
    let outputHeld = false;
    let patience: NodeJS.Timeout | undefined;
    child.once("error", (error) => {
      over();
      reject(new UsageError(`${process.execPath} cannot be started: ${messageOf(error)}`));
    });
    child.once("exit", () => {
      patience = setTimeout(() => {
        outputHeld = true;
        child.stdout.destroy();
        child.stderr.destroy();
      }, MAX_OUTPUT_HELD_MS);
    });
    child.once("close", (code, signal) => {
      clearTimeout(patience);
      over();
      resolve({ code, signal, outputHeld });
    });
  });
  function over(): void {
    killGroup(child);
    watch.end();
    remove(child);
  }
  return {
    ended,
    stop: () => {
      if (running.has(child)) killGroup(child);
    },
  };
}

function spawnNode(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  try {
    return spawn(process.execPath, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "E2BIG") throw tooLarge(env);
    throw error;
  }
}

function tooLarge(env: NodeJS.ProcessEnv): UsageError {
  const [name, size] = Object.entries(env)
    .map(([key, value = ""]) => [key, Buffer.byteLength(value)] as const)
    .reduce((largest, other) => (other[1] > largest[1] ? other : largest));
  const what =
    name === "PULUMI_CONFIG"
      ? "The configuration of the stack is too large"
      : `The environment variable ${name} is too large`;
  return new UsageError(
    `${what}: ${size.toLocaleString("en")} bytes. A process receives it in an environment variable, and Linux limits each to 131,071 bytes including its name. Keep large values in files that the program reads.`,
  );
}

/** While a child runs, a signal ends this process in an orderly way; otherwise it ends at once. */
function add(child: ChildProcess): void {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, exitOnSignal);
  running.add(child);
}

function remove(child: ChildProcess): void {
  running.delete(child);
  if (running.size === 0) for (const signal of SIGNALS) process.off(signal, exitOnSignal);
}

function exitOnSignal(_: NodeJS.Signals, number: number): void {
  process.exit(128 + number);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // The group no longer exists.
  }
}
