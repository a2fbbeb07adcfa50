import type { Day } from "../../mesh/support.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import { meshNamespaces } from "../../settings/namespaces/schema.ts";
import { escapeMessage } from "../reports/foreignText.ts";
import type { Output } from "../reports/observations.ts";
import { markdownTable, textTable } from "../reports/textTable.ts";
import { upgradeStatus } from "../reports/upgrade.ts";
import { requireCourses } from "./course.ts";
import { runUpgrade } from "./runUpgrade.ts";
import type { RunOptions } from "./runUpgrade.ts";
import type { ValidStack } from "./validStack.ts";

/** Where the upgrades of several stacks stand, in one table, ending with a line break. */
export function severalStatuses(stacks: readonly ValidStack[], output: Output, day: Day): string {
  if (output === "json") {
    const statuses = Object.fromEntries(
      stacks.map(({ stack, settings }) => [stack.stack, upgradeStatus(settings, day, undefined)]),
    );
    return `${JSON.stringify(statuses, undefined, 2)}\n`;
  }
  const rows = [["stack", "revision", "to", "phase", "next"], ...stacks.map(rowOf)];
  const lines = output === "markdown" ? markdownTable(rows) : textTable(rows);
  return `${lines.join("\n")}\n`;
}

function rowOf({ stack: { stack }, settings }: ValidStack): readonly string[] {
  const { revisions } = settings.mesh;
  if (revisions === "external") return [stack, "managed by AKS", "", "", ""];
  const { phase, next } = planMesh({
    settings: revisions,
    namespaces: meshNamespaces(settings.namespaces),
  });
  return [stack, revisions.revision, revisions.upgrade?.to ?? "", phase, next?.does ?? ""];
}

/**
 * Takes the upgrades of stacks to their end, one stack after the other. A stack begins only once the one before it
 * has arrived and is verified.
 *
 * @param pack the directory of this project's pack
 * @throws UsageError before the first one if one of them cannot go where the run is to end
 */
export async function runSeveral(
  pack: string,
  stacks: readonly ValidStack[],
  options: RunOptions,
): Promise<void> {
  requireCourses(stacks, options);
  for (const [index, valid] of stacks.entries()) {
    if (stacks.length > 1) process.stdout.write(escapeMessage(`\nStack ${valid.stack.stack}\n`));
    let hasArrived = false;
    try {
      hasArrived = await runUpgrade(pack, valid, options);
    } finally {
      const left = hasArrived ? [] : stacks.slice(index + 1).map(({ stack }) => stack.stack);
      if (left.length > 0) {
        process.stdout.write(escapeMessage(`Not begun: ${left.join(", ")}\n`));
      }
    }
    if (!hasArrived) return;
  }
}
