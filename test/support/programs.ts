import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { UsageError } from "../../offline/errors.ts";

const root = join(__dirname, "../..");
const programs = join(root, "test/programs");

/** The directory of an example program. */
export const program = (name: string): string => join(programs, name);

/** The directory of an example policy pack. */
export const pack = (name: string): string => join(programs, "packs", name);

/** Files by relative path. */
export type Files = Readonly<Record<string, string>>;

/**
 * A directory for files that a test writes, in which programs can import the packages of this project. It is deleted
 * after the tests of the file.
 */
export function scratch({ packages = true } = {}): (name: string, files: Files) => string {
  const home = mkdtempSync(join(tmpdir(), "programs-of-a-test-"));
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

/** The files of a JavaScript program that starts fast: it loads only what it imports. */
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
    // JavaScript: without the compiler, a pack starts in half the time.
    "PulumiPolicy.yaml": "runtime:\n  name: nodejs\n  options:\n    typescript: false\n",
    "package.json": JSON.stringify({ name, version: "1.2.3", main: "index.js" }),
    "index.js": `"use strict";
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("${name}", { policies: [
${policies}
] });
`,
  };
}

/** The message of the UsageError that a promise rejects with. */
export async function usageErrorOf(doing: () => unknown): Promise<string> {
  try {
    await doing();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("It did not fail.");
}
