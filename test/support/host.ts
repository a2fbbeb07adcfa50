import { GitTrees } from "../../offline/contents/gitTrees.ts";
import type { GivenTree } from "../../offline/contents/gitTrees.ts";
import { Assumptions } from "../../offline/engine/assumptions.ts";
import { resolveConfig } from "../../offline/project/config.ts";
import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { preview } from "../../offline/preview.ts";
import type { PreviewOptions } from "../../offline/preview.ts";
import { loadProject } from "../../offline/project/project.ts";
import { passphraseDecrypter } from "../../offline/project/secretsProvider.ts";
import { loadStackFile } from "../../offline/project/stackFile.ts";

export interface PlanChoice {
  readonly stack?: string;
  /** A file of assumptions. */
  readonly assume?: string;
  readonly packs?: PreviewOptions["policyPacks"];
  readonly policyTimeout?: number;
  /** The trees of Flux configurations, which are followed if it is given. */
  readonly trees?: readonly GivenTree[];
  /** Without a passphrase, secrets stay encrypted. */
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
    ...(stack.hints === undefined ? {} : { warnings: stack.hints }),
    policyPacks: choice.packs ?? [],
    ...(choice.trees === undefined
      ? {}
      : { gitTrees: new GitTrees(project.directory, choice.trees) }),
    policyTimeout: choice.policyTimeout,
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
