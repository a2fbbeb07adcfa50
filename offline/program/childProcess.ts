import { spawn } from "node:child_process";
import { killGroup } from "../../processes/killGroup.ts";
import { onEnd } from "../../processes/onEnd.ts";
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
  let isRunning = true;
  const stop = () => {
    if (isRunning) killGroup(child.pid);
  };
  const forget = onEnd(stop);

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
    stop();
    watch.end();
    isRunning = false;
    forget();
  }
  return { ended, stop };
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
