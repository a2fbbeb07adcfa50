import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { startNode } from "./childProcess.ts";
import type { Child } from "./childProcess.ts";
import { UsageError } from "./errors.ts";
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
  readonly address: string;
  readonly stop: () => void;
}

/** Starts a pack as the language host does and waits until it announces its port. */
export async function startPack(
  directory: string,
  engineAddress: string,
  identity: StackIdentity,
): Promise<PackProcess> {
  const root = resolve(directory);
  let announce: (port: number) => void = () => undefined;
  const announced = new Promise<number>((resolvePort) => (announce = resolvePort));
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
        if (stream === "stdout" && /^\d+$/.test(line.trim())) announce(Number(line));
      },
    },
  );
  const port = await firstOf(child, announced, root);
  return { address: `127.0.0.1:${port}`, stop: child.stop };
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

/** The announced port, or why there is none: the pack ended, or says nothing. */
async function firstOf(child: Child, port: Promise<number>, directory: string): Promise<number> {
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
  const early = child.ended.then(({ code, stderr, stdout }) => {
    const said = readableError(stderr.trim() === "" ? stdout : stderr, directory);
    throw new UsageError(
      `The policy pack at ${directory} did not start (exit code ${code ?? "none"}): ${said === "" ? "it said nothing." : said}`,
    );
  });
  try {
    return await Promise.race([port, early, late]);
  } finally {
    clearTimeout(timer);
  }
}
