import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubernetesProvider, pulumiCli } from "./builds.ts";

/** The programs with which the tests deploy. */
export interface Tools {
  /** The path of the Pulumi CLI. */
  readonly pulumi: string;
  /** The directory that contains the language host. */
  readonly language: string;
  /** The directory that contains the Kubernetes provider. */
  readonly kubernetes: string;
  /** For files that are deleted after the run. */
  readonly scratch: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly tools: Tools;
  }
}

/** The tools, built unless an earlier run built them. Their files go into a directory. */
export async function deployTools(directory: string, say: (line: string) => void): Promise<Tools> {
  const pulumi = await pulumiCli(say);
  const provider = await kubernetesProvider(say);
  const [language, kubernetes, scratch] = ["language", "kubernetes", "scratch"].map((name) => {
    const path = join(directory, name);
    mkdirSync(path, { recursive: true });
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
  return { pulumi, language, kubernetes, scratch };
}
