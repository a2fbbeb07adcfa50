import type { PolicyViolation } from "../../offline/plan/plan.ts";
import type { Change, ChangedResource } from "../change/change.ts";
import { isEmpty } from "../change/change.ts";
import type { Styles } from "../output/styles.ts";
import { changeLines, kindAndName } from "./changeLines.ts";
import { comparedWith } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";
import { escapeForTerminalLine } from "./foreignText.ts";
import type { Places } from "./places.ts";
import { pluralize } from "./summary.ts";
import type { Unjudged } from "./summary.ts";

interface Told {
  readonly styles: Styles;
  readonly places: Places;
}

/** What changes, in place of the tree of resources. */
export function changeSection(comparison: Comparison, told: Told): string {
  const { change, notes } = comparison;
  const { styles, places } = told;
  const where = (urn: string) => escapeForTerminalLine(places.whereIs(urn));
  const content = (isContent: boolean) => (isContent ? styles.dim("  content") : "");
  const lines = [
    styles.bold("Change") + `  compared with ${escapeForTerminalLine(comparedWith(comparison))}`,
    ...notes.map((note) => `    ${styles.yellow(escapeForTerminalLine(note))}`),
    ...(isEmpty(change) ? ["    Nothing changes."] : []),
    ...change.removed.map(
      ({ resource, isContent }) =>
        ` ${styles.red("-")}  ${escapeForTerminalLine(kindAndName(resource))}${content(isContent)}`,
    ),
    ...change.added.map(
      ({ resource, isContent }) =>
        ` ${styles.green("+")}  ${where(resource.urn)}${content(isContent)}`,
    ),
    ...change.changed.flatMap((changed) => [
      ` ${styles.yellow("~")}  ${where(changed.resource.urn)}${content(changed.isContent)}`,
      ...detail(changed, styles),
    ]),
    ...(change.uncompared.length === 0
      ? []
      : [
          `    ${pluralize(change.uncompared.length, "secret")} may have changed: the file does not contain secrets, so they could not be compared.`,
        ]),
  ];
  return [lines.join("\n"), ...findings(change, told)].join("\n\n");
}

function detail(changed: ChangedResource, { red, green, yellow, dim }: Styles): readonly string[] {
  const colours: Readonly<Record<string, (text: string) => string>> = {
    "-": red,
    "+": green,
    "!": yellow,
  };
  return changeLines(changed).map((line) => {
    const colour = colours[line.slice(0, 1)] ?? dim;
    return `        ${colour(escapeForTerminalLine(line))}`;
  });
}

function findings({ violations, notJudged }: Change, told: Told): readonly string[] {
  return [
    section("New findings", violations.begin, notJudged.begin, told),
    section("No longer reported", violations.cease, notJudged.cease, told),
  ].filter((text) => text !== "");
}

function section(
  title: string,
  violations: readonly PolicyViolation[],
  notJudged: readonly Unjudged[],
  { styles, places }: Told,
): string {
  const rows = [
    ...violations.map(({ enforcementLevel, policy, urn, message }) => [
      enforcementLevel,
      policy,
      places.whereIs(urn, message),
    ]),
    ...notJudged.map((item) => ["not judged", item.policy ?? "", places.whatIs(item)]),
  ].map((row) => row.map(escapeForTerminalLine));
  if (rows.length === 0) return "";
  const [levels, policies] = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return [
    `${styles.bold(title)}  ${rows.length}`,
    ...rows.map(
      ([level = "", policy = "", where = ""]) =>
        `    ${level.padEnd(levels ?? 0)}  ${policy.padEnd(policies ?? 0)}  ${where}`,
    ),
  ].join("\n");
}

/** `1 added, 2 removed, 3 changed; 1 new mandatory finding`. */
export function changeTotals({ change, newOnly }: Comparison): string {
  const { added, removed, changed, violations } = change;
  const mandatory = violations.begin.filter(
    ({ enforcementLevel }) => enforcementLevel === "mandatory",
  ).length;
  const advisory = violations.begin.length - mandatory;
  const found = `${mandatory} mandatory and ${advisory} advisory violations are new`;
  const only = newOnly ? ", and only these count" : "";
  return `${added.length} added, ${removed.length} removed, ${changed.length} changed; ${found}${only}`;
}
