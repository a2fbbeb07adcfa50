import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { availableParallelism, devNull } from "node:os";
import { killGroup } from "../../processes/killGroup.ts";
import { onEnd } from "../../processes/onEnd.ts";
import { withoutContents } from "./withoutContents.ts";

/** What a program printed, why it failed in its own words, or that it is not installed. */
export type ToolRun =
  { readonly text: string } | { readonly failure: string } | { readonly missing: true };

export interface ToolOptions {
  /** Text for standard input. */
  readonly input?: string;
  /** How long the program may run. Default: 60. */
  readonly seconds?: number;
  /** More variables of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

const DEFAULT_SECONDS = 60;

/** How long its output may stay open after its end: a process that has left its group may hold it for ever. */
const MAX_OUTPUT_HELD_MS = 5_000;

const MB = 1024 * 1024;

/** In bytes; larger than the manifests of any cluster. */
const LARGEST_OUTPUT = 256 * MB;

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
  { input = "", seconds = DEFAULT_SECONDS, environment = {} }: ToolOptions,
): Promise<ToolRun> {
  return new Promise((resolve) => {
    const child = spawned(program, args, environment);
    if ("failure" in child) {
      resolve(child);
      return;
    }
    const stop = () => {
      killGroup(child.pid);
    };
    const forget = onEnd(stop);
    let failure: string | undefined;
    const fail = (reason: string) => {
      failure ??= reason;
      stop();
    };
    const timer = setTimeout(() => {
      fail(`it did not end within ${seconds} s`);
    }, seconds * 1000);
    let size = 0;
    const collect = (stream: NodeJS.ReadableStream): (() => string) => {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => {
        size += piece.length;
        if (size > LARGEST_OUTPUT) fail(`it printed more than ${LARGEST_OUTPUT / MB} MB`);
        else pieces.push(piece);
      });
      return () => Buffer.concat(pieces).toString("utf8");
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const end = (run: ToolRun) => {
      clearTimeout(timer);
      forget();
      resolve(run);
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      end(error.code === "ENOENT" ? { missing: true } : { failure: error.message });
    });
    let patience: NodeJS.Timeout | undefined;
    child.once("exit", () => {
      // What it has started would keep its output open.
      stop();
      patience = setTimeout(() => {
        failure ??= "a process that it started kept its output open, so the end may be missing";
        child.stdout.destroy();
        child.stderr.destroy();
      }, MAX_OUTPUT_HELD_MS);
    });
    child.once("close", (code, signal) => {
      clearTimeout(patience);
      if (failure !== undefined) end({ failure });
      else if (code === 0) end({ text: stdout() });
      else {
        const how = signal === null ? `it ended with exit code ${code}` : `${signal} ended it`;
        end({ failure: withoutContents(said(stderr()) ?? how) });
      }
    });
    // A program that ends early closes its input.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Starts a program in a group of its own: it may be a script, or start Git. */
function spawned(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams | { readonly failure: string } {
  try {
    return spawn(program, args, {
      env: { ...process.env, ...environment, ...OFFLINE },
      windowsHide: true,
      detached: true,
    });
  } catch (error) {
    // An argument from a manifest may be too long, or contain a zero.
    return { failure: error instanceof Error ? error.message : String(error) };
  }
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
