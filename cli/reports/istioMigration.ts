import type { Entry, MigrationReport, Way } from "../../migrate/istio/report.ts";
import type { Outcome } from "../../migrate/istio/finding.ts";
import type { Styles } from "../output/styles.ts";
import { escapeForLog, escapeForTerminalLine as line } from "./foreignText.ts";
import { escapeMarkdown, inlineCode, toSafeJson } from "./markup.ts";
import type { Output } from "./observations.ts";
import { pluralize } from "./summary.ts";

/** A migration as a command reports it. */
export interface ToldMigration extends Pick<MigrationReport, "entries" | "untouched"> {
  /** `k8s, to asm-1-30`. */
  readonly subject: string;
  readonly exitCode: number;
  /** Where the changed manifests were written; undefined if they were not. */
  readonly out: string | undefined;
  /** Whether it is about files, which the command can change. */
  readonly inFiles: boolean;
  readonly ways: readonly Way[];
}

/** The least important first, so a terminal shows the rest last. */
const ORDER: readonly Outcome[] = ["note", "change", "blocker"];

const WORDS: Readonly<Record<Outcome, string>> = {
  note: "note",
  change: "change",
  blocker: "BLOCKER",
};

const ICONS: Readonly<Record<Outcome, string>> = { note: "ℹ️", change: "✏️", blocker: "❌" };

/** A report in a format, ending with a line break. */
export function printIstioMigration(report: ToldMigration, output: Output, styles: Styles): string {
  switch (output) {
    case "json":
      return jsonOf(report);
    case "markdown":
      return markdownOf(report);
    case "table":
      return tableOf(report, styles);
  }
}

function jsonOf(report: ToldMigration): string {
  const { subject, exitCode, out, entries, untouched, ways } = report;
  return toSafeJson({ subject, exitCode, out, entries, untouched, ways }, 2);
}

function tableOf(report: ToldMigration, styles: Styles): string {
  const colours = { note: styles.cyan, change: styles.yellow, blocker: styles.red };
  const entries = sorted(report.entries).flatMap((entry) => [
    `${colours[entry.outcome](WORDS[entry.outcome].padEnd(7))}  ${line(titleOf(entry))}: ${line(entry.message)}`,
    ...(entry.before === undefined || entry.after === undefined
      ? []
      : [`${INDENT}${line(entry.before)} → ${line(entry.after)}`]),
    ...(entry.fix === undefined ? [] : [`${INDENT}${line(entry.fix)}`]),
  ]);
  return escapeForLog(
    [
      styles.bold(line(report.subject)),
      ...entries,
      "",
      summaryOf(report),
      writtenIn(report),
      ...report.ways.flatMap((way) => tableOfWay(way, styles)),
      "",
    ].join("\n"),
  );
}

const INDENT = " ".repeat(9);

function tableOfWay({ title, about, steps }: Way, styles: Styles): readonly string[] {
  return [
    "",
    styles.bold(line(title)),
    line(about),
    ...steps.flatMap((step, index) => [
      `${String(index + 1).padStart(3)}. ${line(`${step.title}. ${step.about}`.trim())}`,
      ...step.commands.map((command) => `     $ ${line(command)}`),
    ]),
  ];
}

function markdownOf(report: ToldMigration): string {
  const rows = sorted(report.entries, ORDER.toReversed()).map((entry) => {
    const says = [
      escapeMarkdown(entry.message),
      ...(entry.before === undefined || entry.after === undefined
        ? []
        : [`${cell(entry.before)} → ${cell(entry.after)}`]),
      ...(entry.fix === undefined ? [] : [escapeMarkdown(entry.fix)]),
    ];
    return `| ${ICONS[entry.outcome]} | ${escapeMarkdown(titleOf(entry))} | ${says.join("<br>")} |`;
  });
  return [
    `### ${escapeMarkdown(report.subject)}`,
    "",
    summaryOf(report),
    "",
    ...(rows.length === 0 ? [] : ["| | where | result |", "| --- | --- | --- |", ...rows, ""]),
    ...report.ways.flatMap((way) => [
      `#### ${escapeMarkdown(way.title)}`,
      "",
      escapeMarkdown(way.about),
      "",
      ...way.steps.flatMap(({ title, about, commands }, index) => [
        `${index + 1}. **${escapeMarkdown(title)}.** ${escapeMarkdown(about)}`.trimEnd(),
        ...commands.map((command) => `   - ${inlineCode(command)}`),
      ]),
      "",
    ]),
  ].join("\n");
}

function cell(text: string): string {
  return inlineCode(text).replaceAll("|", "\\|");
}

/** `Gateway shop/public, spec.selector.istio (k8s/gateway.yaml:9)`. */
function titleOf({ subject, field, place }: Entry): string {
  const where = place === undefined ? "" : ` (${place.file}:${place.line})`;
  return `${subject}${field === "" ? "" : `, ${field}`}${where}`;
}

/** `1 blocker, 12 changes, 3 notes; 20 objects without findings`. */
function summaryOf({ entries, untouched }: ToldMigration): string {
  const counts = ORDER.toReversed().map((outcome) =>
    pluralize(entries.filter((one) => one.outcome === outcome).length, outcome),
  );
  return `${counts.join(", ")}; ${pluralize(untouched, "object")} without findings`;
}

function writtenIn({ out, inFiles }: ToldMigration): string {
  if (!inFiles) return "To change manifests, pass them with -f.";
  return out === undefined
    ? "Nothing was written. Pass --out DIRECTORY to write the changed manifests."
    : `The changed manifests are in ${line(out)}.`;
}

/** By outcome. Entries with the same outcome keep their order. */
function sorted(entries: readonly Entry[], order = ORDER): readonly Entry[] {
  return [...entries].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
}
