import { readFileSync, readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { Command } from "commander";
import { UsageError } from "../offline/errors.ts";
import { closest } from "../text/suggest.ts";

/** `aks-istio explain`: the page of a policy of this project's pack, as docs/policies/ has it. */
export function explainCommand(home: string): Command {
  return new Command("explain")
    .description("Show what a policy requires, why, how to fix it, and how to exempt a resource")
    .argument("<policy>", "name of a policy, such as mesh-osm-conflict")
    .action((policy: string) => {
      process.stdout.write(pageOf(join(home, "docs/policies"), policy));
    });
}

/** @throws UsageError if the pack has no such policy */
function pageOf(folder: string, policy: string): string {
  const names = readdirSync(folder).map((file) => parse(file).name);
  if (!names.includes(policy)) {
    const meant = closest(policy, names);
    throw new UsageError(
      `"${policy}" is not a policy of this pack${meant === undefined ? ". docs/policies.md lists them" : `; did you mean ${meant}?`}`,
    );
  }
  // The note for contributors is not for readers.
  return readFileSync(join(folder, `${policy}.md`), "utf8").replace(/^<!--.*-->\n\n/, "");
}
