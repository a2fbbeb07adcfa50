import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { Assumptions } from "../../local/assumptions.ts";
import { resolveConfig } from "../../local/config.ts";
import { UsageError } from "../../local/errors.ts";
import type { Plan, PlannedResource } from "../../local/plan.ts";
import { preview } from "../../local/preview.ts";
import type { PreviewOptions } from "../../local/preview.ts";
import { loadProject } from "../../local/project.ts";
import { passphraseDecrypter } from "../../local/secretsProvider.ts";
import { loadStackFile } from "../../local/stackFile.ts";

const root = join(__dirname, "../..");
const programs = join(root, "test/programs");

/** The directory of an example program. */
export const program = (name: string): string => join(programs, name);

/** The directory of an example policy pack. */
export const pack = (name: string): string => join(programs, "packs", name);

/** Files by relative path. */
export type Files = Readonly<Record<string, string>>;

/**
 * A directory for what a test writes itself, in which programs can import the packages of this
 * project. It is gone when the tests of the file are over.
 */
export function scratch({ packages = true } = {}): (name: string, files: Files) => string {
  const home = mkdtempSync(join(tmpdir(), "aks-istio-"));
  if (packages) symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  afterAll(() => {
    rmSync(home, { recursive: true });
  });
  return (name, files) => {
    const directory = join(home, name);
    mkdirSync(directory, { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return directory;
  };
}

/** The files of a JavaScript program that starts fast: it loads nothing but what it names. */
export function javascript(name: string, source: string, projectLines = ""): Files {
  return {
    "Pulumi.yaml": `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n${projectLines}`,
    "package.json": JSON.stringify({ name, main: "index.js" }),
    "index.js": `"use strict";
const pulumi = require("@pulumi/pulumi");
class Resource extends pulumi.CustomResource {}
class Component extends pulumi.ComponentResource {}
${source}`,
  };
}

/** The files of a policy pack. */
export function policyPack(name: string, policies: string): Files {
  return {
    "PulumiPolicy.yaml": "runtime: nodejs\n",
    "package.json": JSON.stringify({ name, version: "1.2.3", main: "index.js" }),
    "index.js": `"use strict";
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("${name}", { policies: [
${policies}
] });
`,
  };
}

export interface PlanChoice {
  readonly stack?: string;
  /** A file of assumptions. */
  readonly assume?: string;
  readonly packs?: PreviewOptions["policyPacks"];
  /** Without one, secrets stay closed. */
  readonly passphrase?: string;
}

/** Previews a program with its stack file. */
export function planOf(directory: string, choice: PlanChoice = {}): Promise<Plan> {
  const project = loadProject(directory);
  const stack = loadStackFile(project, { stack: choice.stack });
  return preview({
    project,
    organization: "organization",
    stack: stack.stack,
    config: resolveConfig(
      project,
      stack,
      passphraseDecrypter(stack.encryptionSalt, { PULUMI_CONFIG_PASSPHRASE: choice.passphrase }),
    ),
    assumptions:
      choice.assume === undefined ? Assumptions.none() : Assumptions.fromFile(choice.assume),
    policyPacks: choice.packs ?? [],
  });
}

/** Looks resources up by `type::name`. */
export function finder(plan: Plan): (typeAndName: string) => PlannedResource {
  return (typeAndName) => {
    const found = plan.resources.filter(({ type, name }) => `${type}::${name}` === typeAndName);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new Error(`${found.length} resources are ${typeAndName}.`);
    }
    return only;
  };
}

/** The message of the UsageError that something ends with. */
export async function usageErrorOf(doing: () => unknown): Promise<string> {
  try {
    await doing();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("It did not fail.");
}

/** The IDs of the processes whose command line holds a text. */
export function processesOf(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    });
}

/** The ID of the process that started another; undefined where that is gone. */
export function parentOf(pid: string): number | undefined {
  try {
    const [, parent] = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(parent);
  } catch {
    return undefined;
  }
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does, from the directory of this project. */
export function aksIstio(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, ["bin/aks-istio.js", ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
