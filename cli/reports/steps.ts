import { exitCodeOf } from "../../operate/explain/explanation.ts";
import type { Answer, Explanation, Verdict } from "../../operate/explain/explanation.ts";
import type { Styles } from "../output/styles.ts";
import { escapeForLog, escapeForTerminalLine } from "./foreignText.ts";
import { escapeMarkdown, inlineCode, toSafeJson } from "./markup.ts";
import type { Output } from "./observations.ts";

const ICONS: Readonly<Record<Answer, string>> = { yes: "✅", no: "❌", unknown: "❔" };

/** For a no that does no harm, such as a webhook that leaves a pod to another one. */
const HARMLESS = "➖";

function isHarmless(answer: Answer, verdict: Verdict): boolean {
  return answer === "no" && verdict.answer === "yes";
}

/** An explanation in a format, ending with a line break. The steps keep their order. */
export function printExplanation(explanation: Explanation, output: Output, styles: Styles): string {
  switch (output) {
    case "json":
      return toSafeJson({ ...explanation, exitCode: exitCodeOf(explanation) }, 2);
    case "markdown":
      return markdownOf(explanation);
    case "table":
      return tableOf(explanation, styles);
  }
}

const line = escapeForTerminalLine;

function tableOf({ subject, from, steps, verdict }: Explanation, styles: Styles): string {
  const colours = { yes: styles.green, no: styles.red, unknown: styles.yellow };
  const width = Math.max(0, ...steps.map(({ name }) => name.length));
  const indent = " ".repeat(9 + width + 2);
  const colour = (of: Answer) => (isHarmless(of, verdict) ? styles.dim : colours[of]);
  const rows = steps.flatMap(({ name, answer, decidedBy, message }) => [
    `${colour(answer)(answer.padEnd(7))}  ${name.padEnd(width)}  ${line(message)}`,
    ...(decidedBy === undefined ? [] : [styles.dim(`${indent}${line(decidedBy)}`)]),
  ]);
  const { answer, outcome, message, fix, commands = [] } = verdict;
  return escapeForLog(
    [
      styles.bold(`${line(subject)} (${line(from)})`),
      ...rows,
      "",
      `${colours[answer](styles.bold(line(outcome)))}: ${line(message)}`,
      ...(fix === undefined || fix === "" ? [] : [line(fix)]),
      ...commands.map((command) => `  $ ${line(command)}`),
      "",
    ].join("\n"),
  );
}

function markdownOf({ subject, from, steps, verdict }: Explanation): string {
  const { answer, outcome, message, fix, commands = [] } = verdict;
  const rows = steps.map((step) => {
    const by = step.decidedBy === undefined ? "" : `<br>${escapeMarkdown(step.decidedBy)}`;
    const icon = isHarmless(step.answer, verdict) ? HARMLESS : ICONS[step.answer];
    return `| ${icon} | ${step.name} | ${escapeMarkdown(step.message)}${by} |`;
  });
  return [
    `### ${escapeMarkdown(subject)}`,
    "",
    `${ICONS[answer]} **${escapeMarkdown(outcome)}** in ${escapeMarkdown(from)}: ${escapeMarkdown(message)}`,
    ...(fix === undefined || fix === "" ? [] : ["", escapeMarkdown(fix)]),
    ...commands.flatMap((command) => ["", inlineCode(command)]),
    "",
    "| | step | result |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
