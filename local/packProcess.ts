import { status } from "@grpc/grpc-js";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { startNode } from "./childProcess.ts";
import type { Child } from "./childProcess.ts";
import { UsageError, messageOf } from "./errors.ts";
import { CallError, call } from "./grpc.ts";
import { locateSdk } from "./locate.ts";
import { readableError } from "./programError.ts";
import type { StackIdentity } from "./urn.ts";
import { readYaml } from "./yamlFile.ts";

const START_TIMEOUT_MS = 60_000;

const packFile = z.object({
  runtime: z.union([
    z.string().transform((name) => ({ name, options: undefined })),
    z.object({ name: z.string(), options: z.record(z.string(), z.unknown()).nullish() }),
  ]),
});

export interface PackProcess {
  /** Where it listens, once it says so. */
  readonly address: Promise<string>;
  /** Makes a call to it. Whatever goes wrong is a UsageError that says what became of the pack. */
  readonly ask: typeof call;
  readonly stop: () => void;
}

/** Starts a pack as the language host does. */
export function startPack(
  directory: string,
  engineAddress: string,
  identity: StackIdentity,
): PackProcess {
  const root = resolve(directory);
  let announce: (address: string) => void = () => undefined;
  const announced = new Promise<string>((resolveAddress) => (announce = resolveAddress));
  let fate = "did not start";
  const child = startNode(
    [locateSdk("cmd/run-policy-pack", root, "The policy pack"), engineAddress, root],
    {
      cwd: root,
      env: {
        PULUMI_ORGANIZATION: identity.organization,
        PULUMI_PROJECT: identity.project,
        PULUMI_STACK: identity.stack,
        PULUMI_DRY_RUN: "true",
        PULUMI_NODEJS_TYPESCRIPT: String(usesTypescript(root)),
      },
      onLine: (stream, line) => {
        if (stream !== "stdout" || !/^\d+$/.test(line.trim())) return;
        fate = "ended";
        announce(`127.0.0.1:${line.trim()}`);
      },
    },
  );
  const ended = child.ended.then(({ code, stderr, stdout }) => {
    const said = readableError(stderr.trim() === "" ? stdout : stderr, root);
    throw new UsageError(
      `The policy pack at ${root} ${fate} (exit code ${code ?? "none"}): ${said === "" ? "it said nothing." : said}`,
    );
  });
  const ask: PackProcess["ask"] = async (send) => {
    try {
      return await call(send);
    } catch (error) {
      if (error instanceof CallError && error.code === status.UNAVAILABLE) {
        // A pack that ends breaks the connection; how it ended says more.
        child.stop();
        await ended;
      }
      throw new UsageError(
        `The policy pack at ${root} failed: ${readableError(messageOf(error), root)}`,
      );
    }
  };
  return { address: firstOf(child, announced, ended, root), ask, stop: child.stop };
}

function usesTypescript(directory: string): boolean {
  const file = join(directory, "PulumiPolicy.yaml");
  if (!existsSync(file)) {
    throw new UsageError(
      `${directory} is no policy pack: it has no PulumiPolicy.yaml. Name the directory that has one.`,
    );
  }
  const parsed = packFile.safeParse(readYaml(file));
  if (!parsed.success || parsed.data.runtime.name !== "nodejs") {
    throw new UsageError(`${file}: runtime must be nodejs; no other runtime runs here.`);
  }
  return parsed.data.runtime.options?.["typescript"] !== false;
}

/** The announced address, or why there is none: the pack ended, or says nothing. */
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
