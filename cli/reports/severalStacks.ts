import { judgementField, toJson } from "./json.ts";
import { changeSections, comparedSection } from "./changeMarkdown.ts";
import { MAX_LENGTH, planSections } from "./markdown.ts";
import { namedCode, table } from "./markdownSections.ts";
import { escapeMarkdown, toSafeJson } from "./markup.ts";
import { layOutPage } from "./page.ts";
import type { Previewed } from "./previewed.ts";
import { toSarif } from "./sarif.ts";
import { pluralize } from "./summary.ts";
import { textTable } from "./textTable.ts";

type Stacks = readonly Previewed[];

const COMPARED = ["added", "removed", "changed", "new mandatory", "new advisory"];
const FOUND = ["mandatory", "advisory", "not judged"];

/** One row for each stack, below a header. */
function rowsOf(stacks: Stacks): readonly (readonly string[])[] {
  const isCompared = stacks.some(({ comparison }) => comparison !== undefined);
  return [
    ["stack", "resources", ...(isCompared ? COMPARED : []), ...FOUND],
    ...stacks.map(({ plan, judgement: { numbers, stops }, comparison }) => [
      `${stops ? "❌" : "✅"} ${plan.stack}`,
      String(plan.resources.length),
      ...(comparison === undefined ? [] : changeNumbers(comparison.change).map(String)),
      ...[numbers.mandatory, numbers.advisory, numbers.notJudged].map(String),
    ]),
  ];
}

function changeNumbers({
  added,
  removed,
  changed,
  violations: { begin },
}: NonNullable<Previewed["comparison"]>["change"]): readonly number[] {
  const mandatory = begin.filter(({ enforcementLevel }) => enforcementLevel === "mandatory").length;
  return [added.length, removed.length, changed.length, mandatory, begin.length - mandatory];
}

/** The stacks in a table, for the end of their plans on a terminal. */
export function stacksTable(stacks: Stacks): string {
  return `\n${textTable(rowsOf(stacks)).join("\n")}\n`;
}

/** One comment: a table, and each stack folded below it; with a comparison, only what changes. */
export function severalToMarkdown(stacks: Stacks): string {
  const [header = [], ...rows] = rowsOf(stacks);
  const isStopped = stacks.some(({ judgement }) => judgement.stops);
  const project = stacks[0]?.plan.project ?? "";
  return layOutPage(
    [
      {
        head: `## ${isStopped ? "❌" : "✅"} Preview of ${namedCode(project)}, ${pluralize(stacks.length, "stack")}`,
      },
      // All stacks with the same.
      ...stacks
        .slice(0, 1)
        .flatMap(({ comparison }) => comparison ?? [])
        .map(comparedSection),
      { head: table(header, rows) },
      ...stacks.flatMap(({ plan, judgement, places, comparison }) => [
        {
          head: `<details><summary>${judgement.stops ? "❌" : "✅"} ${escapeMarkdown(plan.stack)}</summary>`,
        },
        ...(comparison === undefined
          ? planSections(plan, judgement, places)
          : changeSections(comparison, judgement, places)),
        { head: "</details>" },
      ]),
      {
        head: "_These are offline previews of first deployments. What is deployed may differ. The terminal and `--json` have the whole plans._",
      },
    ],
    MAX_LENGTH,
  );
}

/** The plans by the names of their stacks, and the judgement of all. */
export function severalToJson(stacks: Stacks): string {
  const plans = stacks.map(({ plan, judgement, places, comparison }): [string, unknown] => [
    plan.stack,
    JSON.parse(toJson(plan, judgement, places, comparison)),
  ]);
  const judgement = judgementField(stacks.map((stack) => stack.judgement));
  return toSafeJson({ stacks: Object.fromEntries(plans), judgement }, 4);
}

/** A run for each stack. */
export function severalToSarif(stacks: Stacks): string {
  const logs = stacks.map(
    ({ plan, judgement, places, projectFile }) =>
      JSON.parse(toSarif(plan, judgement, places, projectFile)) as { readonly runs: unknown[] },
  );
  return toSafeJson({ ...logs[0], runs: logs.flatMap(({ runs }) => runs) }, 2);
}
