import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { resolveConfig } from "../../../offline/project/config.ts";
import type { Plan } from "../../../offline/plan/plan.ts";
import { preview } from "../../../offline/preview.ts";
import type { PreviewOptions } from "../../../offline/preview.ts";
import { loadProject } from "../../../offline/project/project.ts";
import { passphraseDecrypter } from "../../../offline/project/secretsProvider.ts";
import { loadStackFile } from "../../../offline/project/stackFile.ts";
import { loginOfTheStandIn } from "./assumptions.ts";

/** The offline preview of a program with the text of a stack file. */
export async function offlinePlan(
  directory: string,
  stackFile: string,
  policyPacks: PreviewOptions["policyPacks"],
): Promise<Plan> {
  const configFile = join(
    mkdtempSync(join(inject("tools").scratch, "offline-")),
    "Pulumi.dev.yaml",
  );
  writeFileSync(configFile, stackFile);
  const project = loadProject(directory);
  const stack = loadStackFile(project, { stack: "dev", configFile });
  return await preview({
    project,
    organization: "organization",
    stack: "dev",
    config: resolveConfig(project, stack, passphraseDecrypter(stack.encryptionSalt, {})),
    assumptions: loginOfTheStandIn(),
    ...(stack.hints === undefined ? {} : { warnings: stack.hints }),
    policyPacks,
    policyTimeout: undefined,
  });
}
