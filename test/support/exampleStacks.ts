import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { TODAY } from "./fixtures.ts";

/** The names of the stack files that people start from. */
export const EXAMPLES: readonly string[] = readdirSync(join(__dirname, "../../examples"))
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.slice(0, -".yaml".length))
  .sort();

/** The stack file of an example. */
export function exampleFile(name: string): string {
  return `examples/${name}.yaml`;
}

/** Options with which a stack called `dev` is configured by an example, so that plans differ by nothing but that. */
export function configuredBy(name: string): readonly string[] {
  return ["--stack", "dev", "--config-file", exampleFile(name)];
}

/** Options that have the pack judge by a day that stays: what is supported changes with the real one. */
export function onThatDay(): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), "policies-of-a-test-"));
  afterAll(() => {
    rmSync(home, { recursive: true });
  });
  const file = join(home, "policies.json");
  writeFileSync(file, JSON.stringify({ "mesh-scope": { today: TODAY } }));
  return ["--policy-pack", "policy", "--policy-pack-config", file];
}
