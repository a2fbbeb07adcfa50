import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";

/** How a child ended, with what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  readonly ended: Promise<Ended>;
  readonly stop: () => void;
}

const running = new Set<ChildProcess>();
const MAX_KEPT_OUTPUT = 1_000_000;

// However this process ends, short of a SIGKILL, no child of it outlives it.
process.on("exit", () => {
  for (const child of running) killGroup(child);
});

/**
 * Starts a Node.js process in a group of its own, so that whatever it starts in turn is stopped with
 * it. `onLine` sees every line as it is printed.
 */
export function startNode(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly onLine?: (stream: "stdout" | "stderr", line: string) => void;
  },
): Child {
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);

  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    let rest = "";
    child[stream].setEncoding("utf8");
    child[stream].on("data", (text: string) => {
      output[stream] = (output[stream] + text).slice(-MAX_KEPT_OUTPUT);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine?.(stream, line);
    });
    child[stream].on("end", () => {
      if (rest !== "") options.onLine?.(stream, rest);
    });
  }

  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal, ...output });
    });
  });
  return {
    ended,
    stop: () => {
      if (running.has(child)) killGroup(child);
    },
  };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // It ended between the check and the signal.
  }
}
