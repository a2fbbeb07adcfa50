import { status } from "@grpc/grpc-js";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { AnswerWatch } from "./answerWatch.ts";
import { startNode } from "../program/childProcess.ts";
import type { Child } from "../program/childProcess.ts";
import { UsageError, messageOf } from "../errors.ts";
import { CallError, call, proxyBypass } from "../grpc.ts";
import type { Send } from "../grpc.ts";
import { KeptLines } from "../program/keptLines.ts";
import { LineSplitter } from "../program/lineSplitter.ts";
import { locateSdk } from "../program/locateSdk.ts";
import { readableError } from "../program/programError.ts";
import type { SecretMask } from "../plan/secretMask.ts";
import type { StackIdentity } from "../plan/urn.ts";
import { readYaml } from "../project/yamlFile.ts";

const START_TIMEOUT_MS = 60_000;
const MAX_QUESTIONS_NAMED = 10;

const packFile = z.object({
  runtime: z.union([
    z.string().transform((name) => ({ name, options: undefined })),
    z.object({ name: z.string(), options: z.record(z.string(), z.unknown()).nullish() }),
  ]),
});

export interface PackProcess {
  /** The address that it listens on, once announced. */
  readonly address: Promise<string>;
  /** Calls the pack. Every failure, including a missing answer, is a UsageError that says what happened to the pack. */
  readonly ask: <Response>(doing: string, send: Send<Response>) => Promise<Response>;
  readonly stop: () => void;
}

/** Starts a pack the way the language host does. */
export function startPack(
  directory: string,
  options: {
    readonly engineAddress: string;
    readonly identity: StackIdentity;
    readonly mask: SecretMask;
    readonly timeoutSeconds: number;
  },
): PackProcess {
  const { engineAddress, identity, mask, timeoutSeconds } = options;
  const root = resolve(directory);
  const printed = { stdout: new KeptLines(mask), stderr: new KeptLines(mask) };
  let announce: (address: string) => void = () => undefined;
  const announced = new Promise<string>((resolveAddress) => (announce = resolveAddress));
  let port: string | undefined;
  const announcement = new LineSplitter((line) => {
    if (port !== undefined || !/^\d+$/.test(line.trim())) return;
    port = line.trim();
    announce(`127.0.0.1:${port}`);
  });
  const child = startNode(
    [locateSdk("cmd/run-policy-pack", root, "The policy pack"), engineAddress, root],
    {
      cwd: root,
      env: {
        ...proxyBypass(process.env),
        PULUMI_ORGANIZATION: identity.organization,
        PULUMI_PROJECT: identity.project,
        PULUMI_STACK: identity.stack,
        PULUMI_DRY_RUN: "true",
        PULUMI_NODEJS_TYPESCRIPT: String(usesTypescript(root)),
      },
      onText: (stream, text) => {
        printed[stream].add(text);
        if (stream === "stdout") announcement.push(text);
      },
    },
  );
  const ended = child.ended.then(({ code, signal }) => {
    const { stdout, stderr } = printed;
    stdout.end();
    stderr.end();
    const lines = stderr.isEmpty
      ? stdout.lines.filter((line) => line.trim() !== port)
      : stderr.lines;
    const said = readableError(lines.join("\n"), root);
    const fate = port === undefined ? "did not start" : "ended";
    const how = signal ?? `exit code ${code ?? "none"}`;
    throw new UsageError(
      `The policy pack at ${root} ${fate} (${how}): ${said === "" ? "it printed nothing." : said}`,
    );
  });
  const watch = new AnswerWatch(timeoutSeconds, (questions) => {
    child.stop();
    const [first = "", ...others] = questions.slice(0, MAX_QUESTIONS_NAMED);
    const more = questions.length - others.length - 1;
    return new UsageError(
      [
        `The policy pack at ${root} has not answered for ${timeoutSeconds} s. It was asked to ${first}`,
        ...others.map((question) => `to ${question}`),
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join(", ") +
        ". If one of its policies waits forever, fix the policy. If it only needs more time, pass --policy-timeout SECONDS.",
    );
  });
  const ask: PackProcess["ask"] = async (doing, send) => {
    const answered = watch.asked(doing);
    try {
      return await Promise.race([call(send), watch.silence]);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      if (error instanceof CallError && error.code === status.UNAVAILABLE) {
        // The connection broke because the pack ended; report how it ended.
        child.stop();
        await ended;
      }
      throw new UsageError(
        `The policy pack at ${root} failed: ${readableError(mask.hide(messageOf(error)), root)}`,
      );
    } finally {
      answered();
    }
  };
  return { address: firstOf(child, announced, ended, root), ask, stop: child.stop };
}

function usesTypescript(directory: string): boolean {
  const file = join(directory, "PulumiPolicy.yaml");
  if (!existsSync(file)) {
    throw new UsageError(
      `${directory} is not a policy pack: no PulumiPolicy.yaml found. Pass the directory that contains one.`,
    );
  }
  const parsed = packFile.safeParse(readYaml(file));
  if (!parsed.success || parsed.data.runtime.name !== "nodejs") {
    throw new UsageError(`${file}: runtime must be nodejs. Other runtimes are not supported.`);
  }
  return parsed.data.runtime.options?.["typescript"] !== false;
}

/** The announced address; rejects if the pack ends or does not announce one in time. */
async function firstOf(
  child: Child,
  announced: Promise<string>,
  ended: Promise<never>,
  directory: string,
): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      child.stop();
      reject(
        new UsageError(
          `The policy pack at ${directory} did not start within ${START_TIMEOUT_MS / 1000} s.`,
        ),
      );
    }, START_TIMEOUT_MS);
  });
  try {
    return await Promise.race([announced, ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
