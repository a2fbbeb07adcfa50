import type { KubernetesRange } from "../../mesh/catalog.ts";
import type {
  End,
  KubernetesRow,
  RevisionRow,
  RevisionsOverview,
} from "../../operate/revisions/overview.ts";
import { escapeForLog, escapeForTerminalLine } from "./foreignText.ts";
import { escapeMarkdown, toSafeJson } from "./markup.ts";
import type { Output } from "./observations.ts";
import { markdownTable, textTable } from "./textTable.ts";

/** The revisions and Kubernetes versions in a format, ending with a line break. */
export function printRevisions(overview: RevisionsOverview, output: Output): string {
  switch (output) {
    case "json":
      return toSafeJson(overview, 2);
    case "markdown":
      return markdownOf(overview);
    case "table":
      return escapeForLog(tableOf(overview));
  }
}

function tableOf(overview: RevisionsOverview): string {
  const { differences } = overview;
  return [
    sourceOf(overview),
    "",
    ...textTable(revisionRows(overview)),
    "",
    ...textTable(kubernetesRows(overview)),
    ...(differences === undefined ? [] : ["", comparisonOf(overview)]),
    ...(differences ?? []).map(({ message }) => `  ${escapeForTerminalLine(message)}`),
    "",
  ].join("\n");
}

function markdownOf(overview: RevisionsOverview): string {
  const { differences } = overview;
  return [
    "### Mesh revisions",
    "",
    escapeMarkdown(sourceOf(overview)),
    "",
    ...markdownTable(revisionRows(overview)),
    "",
    ...markdownTable(kubernetesRows(overview)),
    ...(differences === undefined ? [] : ["", escapeMarkdown(comparisonOf(overview))]),
    ...(differences?.length === 0 ? [] : [""]),
    ...(differences ?? []).map(({ message }) => `- ${escapeMarkdown(message)}`),
    "",
  ].join("\n");
}

function sourceOf({ day, catalog }: RevisionsOverview): string {
  const update = catalog.updatedFrom === undefined ? "" : `, updated from ${catalog.updatedFrom}`;
  return `On ${day}, by the catalog of ${catalog.asOf} (${catalog.source}${update})`;
}

function comparisonOf({ differences = [] }: RevisionsOverview): string {
  return differences.length === 0
    ? "Azure says the same as the catalog."
    : "Azure differs from the catalog:";
}

function revisionRows({ revisions, differences }: RevisionsOverview): string[][] {
  const hasAnswer = differences !== undefined;
  return [
    [
      "revision",
      "released",
      "support ends",
      "days",
      "Kubernetes",
      "with LTS",
      "upgrades to",
      ...(hasAnswer ? ["offered"] : []),
    ],
    ...revisions.map((row) => [
      row.revision,
      `${row.released ?? "?"}${row.releasedEstimated === true ? " (estimated)" : ""}`,
      row.end === undefined ? "?" : endText(row.end),
      row.end === undefined ? "?" : String(row.end.days),
      rangeText(row.kubernetes.KubernetesOfficial),
      rangeText(row.kubernetes.AKSLongTermSupport),
      targetsText(row),
      ...(hasAnswer ? [row.offered === true ? "yes" : "no"] : []),
    ]),
  ];
}

const BASES = { announced: "", expected: " (expected)", rule: " (by the n-2 rule)" } as const;

function endText({ day, basis }: End<keyof typeof BASES>): string {
  return `${day}${BASES[basis]}`;
}

function rangeText(range: KubernetesRange | undefined): string {
  return range === undefined ? "-" : `${range.oldest} to ${range.newest}`;
}

function targetsText({ upgrades: { certain, possible } }: RevisionRow): string {
  const all = [...certain, ...possible.map((revision) => `perhaps ${revision}`)];
  return all.length === 0 ? "-" : all.join(", ");
}

function kubernetesRows({ kubernetes }: RevisionsOverview): string[][] {
  const cells = ({ version, ends }: KubernetesRow) => [
    version,
    endText(ends.KubernetesOfficial),
    String(ends.KubernetesOfficial.days),
    endText(ends.AKSLongTermSupport),
    String(ends.AKSLongTermSupport.days),
  ];
  return [
    ["Kubernetes", "support ends", "days", "long-term support ends", "days"],
    ...kubernetes.map(cells),
  ];
}
