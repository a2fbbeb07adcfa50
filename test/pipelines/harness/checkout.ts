import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { commitAll, git } from "../../support/gitRepository.ts";
import { javascript, policyPack } from "../../support/programs.ts";
import type { Files } from "../../support/programs.ts";
import { ROOT } from "./action.ts";

/** A program whose stack has a group of the size in its settings; "broken" ends it. */
const SOURCE = `
const size = new pulumi.Config().require("size");
if (size === "broken") throw new Error("The size is broken.");
new Resource("a:b:Group", "group", { size });
`;

/** Groups must not have the size "large", and should not have the size "medium". */
const PACK = ["large", "medium"]
  .map(
    (size) => `{
  name: "not-${size}", description: "A group is not ${size}.",
  enforcementLevel: "${size === "large" ? "mandatory" : "advisory"}",
  validateResource: ({ props }, report) => { if (props.size === "${size}") report("It is ${size}."); },
},`,
  )
  .join("\n");

const sized = (size: string) => `config:\n  shop:size: ${size}\n`;

const PROJECT: Files = {
  ...javascript("shop", SOURCE),
  ".gitignore": "node_modules\n",
  "Pulumi.dev.yaml": sized("tiny"),
};

export type Write = (name: string, files: Files) => string;

/** The directory of the policy pack. */
export const sizePack = (write: Write): string => write("pack", policyPack("sizes", PACK));

/**
 * The merge commit of a pull request that changes the sizes of the stacks. The project is in the directory `infra`, and its
 * packages are installed.
 *
 * @param depth how many commits the clone has; as for actions/checkout, the parents are not among them
 */
export function pullRequestCheckout(
  write: Write,
  name: string,
  sizes: Readonly<Record<string, string>>,
  depth = 1,
): string {
  const settings = Object.fromEntries(
    Object.entries(sizes).map(([stack, size]) => [`infra/Pulumi.${stack}.yaml`, sized(size)]),
  );
  const project = Object.fromEntries(
    Object.entries(PROJECT).map(([file, text]) => [`infra/${file}`, text]),
  );
  const origin = commitAll(write(`${name}/origin`, project));
  git(origin, "switch", "--quiet", "--create", "change");
  write(`${name}/origin`, settings);
  git(origin, "add", ".");
  git(origin, "commit", "--quiet", "--message=change");
  git(origin, "switch", "--quiet", "main");
  git(origin, "switch", "--quiet", "--create", "merge");
  git(origin, "merge", "--quiet", "--no-ff", "--message=merge", "change");
  const checkout = write(`${name}/work`, {});
  rmSync(checkout, { recursive: true });
  git(
    origin,
    "clone",
    "--quiet",
    `--depth=${depth}`,
    "--branch=merge",
    `file://${origin}`,
    checkout,
  );
  install(join(checkout, "infra"));
  return checkout;
}

/** Installs aks-istio in a project, and what its program imports. */
function install(project: string): void {
  mkdirSync(join(project, "node_modules/.bin"), { recursive: true });
  symlinkSync(join(ROOT, "bin/aks-istio.js"), join(project, "node_modules/.bin/aks-istio"));
  symlinkSync(join(ROOT, "node_modules/@pulumi"), join(project, "node_modules/@pulumi"));
}
