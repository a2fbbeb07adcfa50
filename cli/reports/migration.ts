import { exitCodeOf } from "../../migrate/report.ts";
import type { Entry, Fate, MigrationReport, Step } from "../../migrate/report.ts";
import type { Styles } from "../output/styles.ts";
import { escapeForLog, escapeForTerminalLine } from "./foreignText.ts";
import { escapeMarkdown, inlineCode, toSafeJson } from "./markup.ts";
import type { Output } from "./observations.ts";
import { pluralize } from "./summary.ts";

/** A migration as a command reports it. */
export interface ToldMigration extends MigrationReport {
  /** `from Open Service Mesh to asm-1-30`. */
  readonly subject: string;
}

/** The least important first, so a terminal shows the rest last. */
const ORDER: readonly Fate[] = ["unneeded", "translated", "approximated", "untranslated"];

const WORDS: Readonly<Record<Fate, string>> = {
  unneeded: "unneeded",
  translated: "translated",
  approximated: "approximated",
  untranslated: "NOT TRANSLATED",
};

const ICONS: Readonly<Record<Fate, string>> = {
  unneeded: "➖",
  translated: "✅",
  approximated: "⚠️",
  untranslated: "❌",
};

/**
 * A report in a format, ending with a line break.
 *
 * @param out where the new objects were written; undefined if they were not
 */
export function printMigration(
  report: ToldMigration,
  output: Output,
  styles: Styles,
  out: string | undefined,
): string {
  switch (output) {
    case "json":
      return toSafeJson({ exitCode: exitCodeOf(report), ...report }, 2);
    case "markdown":
      return markdownOf(report);
    case "table":
      return tableOf(report, styles, out);
  }
}

function tableOf(report: ToldMigration, styles: Styles, out: string | undefined): string {
  const { subject, steps } = report;
  const colours = {
    unneeded: styles.dim,
    translated: styles.green,
    approximated: styles.yellow,
    untranslated: styles.red,
  };
  const indent = " ".repeat(16);
  const entries = sorted(report.entries).flatMap((entry) => [
    `${colours[entry.fate](WORDS[entry.fate].padEnd(14))}  ${line(entry.subject)} (${placeOf(entry)}): ${line(entry.message)}`,
    ...entry.becomes.map((one) => `${indent}→ ${line(one)}`),
    ...(entry.fix === undefined ? [] : [indent + line(entry.fix)]),
  ]);
  const order = steps.flatMap(({ title, about, commands }, index) => [
    `${String(index + 1).padStart(2)}. ${styles.bold(line(title))}. ${line(about)}`,
    ...commands.map((command) => `    $ ${line(command)}`),
  ]);
  const written =
    out === undefined
      ? "Nothing was written. Pass --out DIRECTORY to write the new objects."
      : `The new objects are in ${line(out)}.`;
  return escapeForLog(
    [
      ...[styles.bold(line(subject)), ...entries, "", summaryOf(report), written],
      ...["", styles.bold("In this order"), ...order, ""],
    ].join("\n"),
  );
}

function markdownOf(report: ToldMigration): string {
  const rows = sorted(report.entries)
    .toReversed()
    .map((entry) => {
      const says = [entry.message, ...(entry.fix === undefined ? [] : [entry.fix])];
      const cells = [
        ICONS[entry.fate],
        `${escapeMarkdown(entry.subject)}<br>${escapeMarkdown(placeOf(entry))}`,
        entry.becomes.map(escapeMarkdown).join("<br>"),
        says.map(escapeMarkdown).join("<br>"),
      ];
      return `| ${cells.join(" | ")} |`;
    });
  return [
    `### ${escapeMarkdown(report.subject)}`,
    "",
    summaryOf(report),
    "",
    "| | object | becomes | |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    ...report.steps.flatMap(markdownStep),
    "",
  ].join("\n");
}

function markdownStep({ title, about, commands }: Step, index: number): readonly string[] {
  return [
    `${index + 1}. **${escapeMarkdown(title)}.** ${escapeMarkdown(about)}`,
    ...commands.map((command) => `   - ${inlineCode(command)}`),
  ];
}

/** `12 translated, 3 approximated, 1 not translated, 2 unneeded; 20 objects need no change`. */
export function summaryOf({ entries, untouched }: MigrationReport): string {
  const counts = ORDER.toReversed().map((fate) => {
    const count = entries.filter((one) => one.fate === fate).length;
    return `${count} ${WORDS[fate].toLowerCase()}`;
  });
  return `${counts.join(", ")}; ${pluralize(untouched, "other object")} untouched`;
}

function placeOf({ place: { file, line: at } }: Entry): string {
  return `${escapeForTerminalLine(file)}:${at}`;
}

function line(text: string): string {
  return escapeForTerminalLine(text);
}

/** By fate. Entries with the same fate keep their order. */
function sorted(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate));
}
