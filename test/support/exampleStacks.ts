import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { TODAY } from "./fixtures.ts";

/** The names of the example stack files. */
export const EXAMPLES: readonly string[] = readdirSync(join(__dirname, "../../examples"))
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.slice(0, -".yaml".length))
  .sort();

/** The stack file of an example. */
export function exampleFile(name: string): string {
  return `examples/${name}.yaml`;
}

/** Options that configure a stack named `dev` with an example, so plans differ only in the configuration. */
export function configuredBy(name: string): readonly string[] {
  return ["--stack", "dev", "--config-file", exampleFile(name)];
}

/** Options that make the pack judge by a fixed day, because support status changes over time. */
export function onThatDay(): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), "policies-of-a-test-"));
  afterAll(() => {
    rmSync(home, { recursive: true });
  });
  const file = join(home, "policies.json");
  writeFileSync(file, JSON.stringify({ "mesh-scope": { today: TODAY } }));
  return ["--policy-pack", "policy", "--policy-pack-config", file];
}
