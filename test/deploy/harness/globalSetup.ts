import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { Temporary } from "../../real/harness/temporary.ts";
import { deployTools } from "./tools.ts";

/** Provides the Pulumi CLI and the programs that it requires. */
export default async function setup(project: TestProject): Promise<() => void> {
  const directory = new Temporary(join(tmpdir(), "aks-istio-deploy-"));
  const say = (line: string) => process.stderr.write(`${line}\n`);
  project.provide("tools", await deployTools(directory.path, say));
  return () => {
    directory.remove();
  };
}
