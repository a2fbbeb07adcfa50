import type { Change, ChangedOne, ChangedResource } from "../change/change.ts";
import { attentionOf, isEmpty, mayBeReplaced } from "../change/change.ts";
import { changeLines, kindAndName } from "./changeLines.ts";
import { comparedWith } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";
import { escapeForLog, escapeForTerminal } from "./foreignText.ts";
import {
  ELSEWHERE,
  MAX_NAME,
  MAX_TEXT,
  adviceSection,
  folded,
  notJudgedSection,
  stoppingSection,
  table,
} from "./markdownSections.ts";
import { inlineCode, truncateMarkdown } from "./markup.ts";
import type { Section } from "./page.ts";
import type { Places } from "./places.ts";
import { byConsequence, numberOf, pluralize } from "./summary.ts";
import type { Judgement } from "./summary.ts";

/** Lines of one resource; the rest is in the terminal. */
const MAX_LINES = 60;

/** What comes before the numbers of a comparison. */
export function comparedSection(comparison: Comparison): Section {
  return { head: `Compared with ${inlineCode(comparedWith(comparison).slice(0, MAX_NAME))}:` };
}

/** What a change does, for a pull request comment: what may be dangerous comes first. */
export function changeSections(
  comparison: Comparison,
  judgement: Judgement,
  places: Places,
): readonly Section[] {
  const { change, notes } = comparison;
  const { stopping, advising } = byConsequence(change.violations.begin);
  const numbers = {
    mandatory: numberOf(stopping),
    advisory: numberOf(advising),
    notJudged: change.notJudged.begin.length,
  };
  return [
    { head: totals(change, numbers) },
    ...notes.map((note) => ({ head: `> ${truncateMarkdown(MAX_TEXT, note)}` })),
    ...(isEmpty(change) ? [{ head: "**Nothing changes.**" }] : []),
    stoppingSection(stopping, places),
    ...oldFindings(judgement, comparison),
    ...(change.notJudged.begin.length === 0
      ? []
      : [notJudgedSection(change.notJudged.begin, places, "New, and not judged")]),
    changedSection(change.changed, places),
    ...list("Removed", change.removed, kindAndName),
    ...list("Added", change.added, ({ urn }) => places.whereIs(urn)),
    ...adviceSection({ advising, numbers }, places, "New advice"),
    ...fixedSection(change),
    ...(change.uncompared.length === 0
      ? []
      : [
          {
            head: `${pluralize(change.uncompared.length, "secret")} may have changed: the file does not contain secrets, so they could not be compared.`,
          },
        ]),
  ];
}

function totals(
  { added, removed, changed, violations }: Change,
  numbers: Judgement["numbers"],
): string {
  const replaced = changed.filter(mayBeReplaced).length;
  return table(
    ["added", "removed", "changed", "new mandatory violations", "new advisory violations", "fixed"],
    [
      [
        String(added.length),
        String(removed.length),
        `${changed.length}${replaced === 0 ? "" : `, ${replaced} of which may be replaced`}`,
        String(numbers.mandatory),
        String(numbers.advisory),
        String(violations.cease.length),
      ],
    ],
  );
}

function oldFindings(
  { numbers, notJudged }: Judgement,
  { change: { violations, notJudged: unjudged }, newOnly }: Comparison,
): readonly Section[] {
  const stopping = (items: Judgement["notJudged"]) => items.filter(({ stops }) => stops).length;
  const all = numbers.mandatory + stopping(notJudged);
  const number =
    all - numberOf(byConsequence(violations.begin).stopping) - stopping(unjudged.begin);
  if (number === 0) return [];
  const [are, have, them] = number === 1 ? ["is", "it does", "it"] : ["are", "they do", "them"];
  const what = `${pluralize(number, "finding")} that ${number === 1 ? "stops" : "stop"} the deployment ${are} not new`;
  const where = `The whole plan has ${them}.`;
  return [
    {
      head: newOnly
        ? `${what}, so with \`--new-only\` ${have} not count. ${where}`
        : `🛑 **${what}.** ${where}`,
    },
  ];
}

function changedSection(changed: readonly ChangedResource[], places: Places): Section {
  if (changed.length === 0) return {};
  const first = changed.filter((one) => attentionOf(one).length > 0);
  const others = changed.filter((one) => attentionOf(one).length === 0);
  return {
    head: "### Changed",
    items: [...first, ...others].map((one) => ({ text: resourceText(one, places) })),
    more: (left) => `${pluralize(left, "more resource")}. ${ELSEWHERE}`,
  };
}

function resourceText(changed: ChangedResource, places: Places): string {
  const lines = changeLines(changed);
  const left = lines.length - MAX_LINES;
  const shown = left > 0 ? [...lines.slice(0, MAX_LINES), `  … ${left} more lines`] : lines;
  const where = truncateMarkdown(MAX_NAME, places.whereIs(changed.resource.urn));
  const marks = [
    ...attentionOf(changed).map((text) => `⚠️ ${text}`),
    ...(changed.isContent ? ["content"] : []),
  ].join(", ");
  return `**${where}**${marks === "" ? "" : ` (${marks})`}\n\n${diffBlock(shown)}`;
}

/** Lines in a fence that none of them can end. */
function diffBlock(lines: readonly string[]): string {
  const text = escapeForLog(
    lines.map((line) => escapeForTerminal(line).replaceAll("\n", "\\n")).join("\n"),
  );
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}diff\n${text}\n${fence}`;
}

function list(
  title: string,
  ones: readonly ChangedOne[],
  textOf: (resource: ChangedOne["resource"]) => string,
): readonly Section[] {
  if (ones.length === 0) return [];
  return [
    {
      head: `### ${title}`,
      separator: "\n",
      items: ones.map(({ resource, isContent }) => ({
        text: `- ${truncateMarkdown(MAX_NAME, textOf(resource))}${isContent ? " (content)" : ""}`,
      })),
      more: (left) => `${left} more. ${ELSEWHERE}`,
    },
  ];
}

function fixedSection({ violations, notJudged }: Change): readonly Section[] {
  const items = [
    ...violations.cease.map(({ policy, message }) => ({
      text: `- ${inlineCode(policy.slice(0, MAX_NAME))}: ${truncateMarkdown(MAX_TEXT, message)}`,
    })),
    ...notJudged.cease.map(({ what, reason }) => ({
      text: `- not judged${what === undefined ? "" : `, ${truncateMarkdown(MAX_NAME, what)}`}: ${truncateMarkdown(MAX_TEXT, reason)}`,
    })),
  ];
  if (items.length === 0) return [];
  const title = `No longer reported: ${pluralize(items.length, "finding")}`;
  return [folded(title, { separator: "\n", items, more: (left) => `${left} more. ${ELSEWHERE}` })];
}
