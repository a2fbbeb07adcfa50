import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { Temporary } from "../../real/harness/temporary.ts";
import { kubernetesProvider, pulumiCli } from "./builds.ts";

/** The programs that the tests deploy with. */
export interface Tools {
  /** The path of the Pulumi CLI. */
  readonly pulumi: string;
  /** The directory with the language host. */
  readonly language: string;
  /** The directory with the Kubernetes provider. */
  readonly kubernetes: string;
  /** For files that are deleted after the run. */
  readonly scratch: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly tools: Tools;
  }
}

/** Builds the Pulumi CLI and the Kubernetes provider unless an earlier run has built them. */
export default async function setup(project: TestProject): Promise<() => void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const pulumi = await pulumiCli(say);
  const provider = await kubernetesProvider(say);
  const directory = new Temporary(join(tmpdir(), "aks-istio-deploy-"));
  const [language, kubernetes, scratch] = ["language", "kubernetes", "scratch"].map((name) => {
    const path = join(directory.path, name);
    mkdirSync(path);
    return path;
  }) as [string, string, string];
  const host = join(language, "pulumi-language-nodejs");
  const register = join(__dirname, "../../../bin/register.js");
  writeFileSync(
    host,
    `#!/bin/sh\nexec '${process.execPath}' --require '${register}' '${join(__dirname, "languageHost.ts")}' "$@"\n`,
  );
  chmodSync(host, 0o755);
  symlinkSync(provider, join(kubernetes, "pulumi-resource-kubernetes"));
  project.provide("tools", { pulumi, language, kubernetes, scratch });
  return () => {
    directory.remove();
  };
}
