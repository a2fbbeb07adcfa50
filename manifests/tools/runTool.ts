import { execFile } from "node:child_process";
import { availableParallelism, devNull } from "node:os";

/** What a program printed, why it failed in its own words, or that it is not installed. */
export type ToolRun =
  { readonly text: string } | { readonly failure: string } | { readonly missing: true };

export interface ToolOptions {
  /** Text for standard input. */
  readonly input?: string;
  /** How long the program may run. Default: 60. */
  readonly seconds?: number;
}

const DEFAULT_SECONDS = 60;

/** In bytes; larger than the manifests of any cluster. */
const LARGEST_OUTPUT = 256 * 1024 * 1024;

/** The discard port of this machine, where nothing listens. */
const NOWHERE = "http://127.0.0.1:9";

/**
 * Keeps a tool and the programs that it starts, such as Git, from connecting to other machines and from reading a
 * kubeconfig.
 */
const OFFLINE: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
      [name, NOWHERE],
      [name.toLowerCase(), NOWHERE],
    ]),
  ),
  NO_PROXY: undefined,
  no_proxy: undefined,
  GIT_ALLOW_PROTOCOL: "file",
  KUBECONFIG: devNull,
};

/** How many programs run at a time; each is busy, and starting one costs more the more run. */
const AT_ONCE = Math.max(2, availableParallelism());
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Runs a program from PATH without a network. A preview must not wait for a tool that hangs, so it is stopped after a
 * while.
 */
export async function runTool(
  program: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolRun> {
  if (running >= AT_ONCE) await new Promise<void>((start) => waiting.push(start));
  running++;
  try {
    return await started(program, args, options);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function started(
  program: string,
  args: readonly string[],
  { input = "", seconds = DEFAULT_SECONDS }: ToolOptions,
): Promise<ToolRun> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      {
        env: { ...process.env, ...OFFLINE },
        timeout: seconds * 1000,
        killSignal: "SIGKILL",
        maxBuffer: LARGEST_OUTPUT,
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ text: stdout });
        else if (error.code === "ENOENT") resolve({ missing: true });
        else if (error.killed === true && error.code !== "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
          resolve({ failure: `it did not end within ${seconds} s` });
        } else resolve({ failure: said(stderr) ?? firstLine(error.message) });
      },
    );
    // A program that ends early closes its input.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/**
 * The error among the lines that a tool printed: Go's tools begin it with `Error:`, after warnings, and kubectl logs it as
 * `err="…"`, or as `err=<` with the lines that follow.
 */
function said(stderr: string): string | undefined {
  const [, quoted, block] = /\berr=(?:"((?:[^"\\]|\\.)*)"|<\n([\s\S]*?)\n >)/.exec(stderr) ?? [];
  if (quoted !== undefined) return quoted.replaceAll('\\"', '"').replaceAll("\\n", " ");
  if (block !== undefined) {
    return block
      .split("\n")
      .map((line) => line.trim())
      .join(" ");
  }
  const lines = stderr.split("\n").map((line) => line.trim());
  const error =
    lines.find((line) => /^error:/i.test(line)) ?? lines.findLast((line) => line !== "");
  return error?.replace(/^error:\s*/i, "");
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
