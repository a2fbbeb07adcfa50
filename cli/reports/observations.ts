import { exitCodeOf } from "../../operate/observation.ts";
import type { Observation, Outcome } from "../../operate/observation.ts";
import type { Styles } from "../output/styles.ts";
import { escapeForLog, escapeForTerminalLine } from "./foreignText.ts";
import { escapeMarkdown, inlineCode, toSafeJson } from "./markup.ts";

/** The result of a command that checks something. */
export interface CheckReport {
  /** What was checked: `context prod`, `stack prod`. */
  readonly subject: string;
  readonly observations: readonly Observation[];
}

/** Formats of `--output`. */
export const OUTPUTS = ["table", "json", "markdown"] as const;
export type Output = (typeof OUTPUTS)[number];

/** The least important first, so a terminal shows the rest last. */
const ORDER: readonly Outcome[] = ["passed", "warning", "unchecked", "failed"];

const WORDS: Readonly<Record<Outcome, string>> = {
  passed: "ok",
  warning: "warning",
  unchecked: "unchecked",
  failed: "FAILED",
};

const ICONS: Readonly<Record<Outcome, string>> = {
  passed: "✅",
  warning: "⚠️",
  unchecked: "❔",
  failed: "❌",
};

/** A report in a format, ending with a line break. */
export function printReport(report: CheckReport, output: Output, styles: Styles): string {
  switch (output) {
    case "json":
      return jsonOf(report);
    case "markdown":
      return markdownOf(report);
    case "table":
      return tableOf(report, styles);
  }
}

function jsonOf(report: CheckReport): string {
  return toSafeJson(reportData(report), 2);
}

/** The same as JSON data. */
export function reportData({ subject, observations }: CheckReport) {
  return { subject, exitCode: exitCodeOf(observations), observations: sorted(observations) };
}

function tableOf({ subject, observations }: CheckReport, styles: Styles): string {
  const rows = sorted(observations);
  const widthOf = (text: (row: Observation) => string) =>
    Math.max(0, ...rows.map((row) => escapeForTerminalLine(text(row)).length));
  const checks = widthOf(({ check }) => check);
  const colours = {
    passed: styles.green,
    warning: styles.yellow,
    unchecked: styles.yellow,
    failed: styles.red,
  };
  const lines = rows.flatMap(({ check, outcome, subject: about, message, fix, commands = [] }) => [
    `${colours[outcome](WORDS[outcome].padEnd(9))}  ${check.padEnd(checks)}  ${line(about)}: ${line(message)}`,
    ...(fix === undefined ? [] : [`${INDENT}${line(fix)}`]),
    ...commands.map((command) => `${INDENT}$ ${line(command)}`),
  ]);
  return escapeForLog(
    [styles.bold(line(subject)), ...lines, "", summaryOf(observations), ""].join("\n"),
  );
}

const INDENT = " ".repeat(11);

function line(text: string): string {
  return escapeForTerminalLine(text);
}

function markdownOf({ subject, observations }: CheckReport): string {
  const rows = sorted(observations, ORDER.toReversed()).map(
    ({ check, outcome, subject: about, message, fix, commands = [] }) => {
      const says = [
        escapeMarkdown(message),
        ...(fix === undefined ? [] : [escapeMarkdown(fix)]),
        ...commands.map((command) => inlineCode(command).replaceAll("|", "\\|")),
      ];
      return `| ${ICONS[outcome]} | ${check} | ${escapeMarkdown(about)} | ${says.join("<br>")} |`;
    },
  );
  return [
    `### ${escapeMarkdown(subject)}`,
    "",
    summaryOf(observations),
    "",
    "| | check | subject | result |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** `3 passed, 1 failed`. */
export function summaryOf(observations: readonly Observation[]): string {
  const counts = ORDER.map((outcome) => {
    const count = observations.filter((one) => one.outcome === outcome).length;
    return { outcome, count };
  });
  return counts
    .filter(({ outcome, count }) => count > 0 || outcome === "passed" || outcome === "failed")
    .map(({ outcome, count }) => `${count} ${plural(outcome, count)}`)
    .join(", ");
}

function plural(outcome: Outcome, count: number): string {
  return outcome === "warning" && count !== 1 ? "warnings" : outcome;
}

/** By outcome. Observations with the same outcome keep their order. */
function sorted(
  observations: readonly Observation[],
  order: readonly Outcome[] = ORDER,
): readonly Observation[] {
  return [...observations].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
}
