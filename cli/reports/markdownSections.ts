import type { Diagnostic, Plan } from "../../offline/plan/plan.ts";
import { explanationOf } from "./explanation.ts";
import { inlineCode, truncateMarkdown, webAddress } from "./markup.ts";
import type { Item, Section } from "./page.ts";
import type { Places } from "./places.ts";
import { pluralize } from "./summary.ts";
import type { Judgement, Unjudged, ViolatedPolicy } from "./summary.ts";

/** More of them would not be readable in a comment. */
const MAX_ROWS = 300;
const MAX_FINDINGS = 20;

/** Maximum length of a text from a program or a pack, in characters of Markdown. */
export const MAX_TEXT = 1_000;
export const MAX_NAME = 200;

export const ELSEWHERE = "See the terminal or `--json` for all.";

export function namedCode(text: string): string {
  return inlineCode(text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text);
}

function ruleItem(policy: ViolatedPolicy, places: Places): Item {
  const { violations, severity, remediationSteps, url } = policy;
  const icon = policy.enforcementLevel === "mandatory" ? "🛑" : "⚠️";
  const name = inlineCode(policy.policy.slice(0, MAX_NAME));
  const address = webAddress(url);
  const linked =
    address === undefined || address.length > MAX_TEXT ? name : `[${name}](${address})`;
  const explanation = explanationOf(policy.policy, policy.pack);
  const shown = violations.slice(0, MAX_FINDINGS);
  const left = violations.length - shown.length;
  return {
    text: [
      `### ${icon} ${linked}${severity === undefined ? "" : ` (${severity})`}`,
      truncateMarkdown(MAX_TEXT, policy.description),
      [
        ...shown.map(({ urn, message }) => finding(places.whereIs(urn, message), message)),
        ...(left === 0 ? [] : [`- … and ${left} more`]),
      ].join("\n"),
      ...(remediationSteps === undefined
        ? []
        : [`**Fix:** ${truncateMarkdown(MAX_TEXT, remediationSteps)}`]),
      ...(explanation === undefined ? [] : [`**More:** ${inlineCode(explanation)}`]),
    ].join("\n\n"),
    count: violations.length,
  };
}

/** Mandatory findings, in full. */
export function stoppingSection(policies: readonly ViolatedPolicy[], places: Places): Section {
  return {
    items: policies.map((policy) => ruleItem(policy, places)),
    more: (left) => `**${pluralize(left, "more mandatory finding")}.** ${ELSEWHERE}`,
  };
}

function finding(where: string, message: string): string {
  return `- **${truncateMarkdown(MAX_NAME, where)}**: ${truncateMarkdown(MAX_TEXT, message)}`;
}

export function notJudgedSection(
  notJudged: readonly Unjudged[],
  places: Places,
  title = "Not judged",
): Section {
  const stops = notJudged.some((item) => item.stops);
  return {
    head: `### ${stops ? "🛑" : "❔"} ${title}`,
    separator: "\n",
    // Consecutive items with the same fix show it once, after the last.
    items: notJudged.map((item, i) => {
      const told = item.fix === undefined || item.fix === notJudged[i + 1]?.fix;
      const fix = told ? "" : ` **Fix:** ${truncateMarkdown(MAX_TEXT, item.fix ?? "")}`;
      return { text: finding(places.whatIs(item), item.reason) + fix };
    }),
    more: (left) => `${left} more. ${ELSEWHERE}`,
  };
}

export function adviceSection(
  { advising, numbers }: Pick<Judgement, "advising" | "numbers">,
  places: Places,
  title = "Advice",
): readonly Section[] {
  if (advising.length === 0) return [];
  const what = `${pluralize(numbers.advisory, "finding")} of ${pluralize(advising.length, "rule")}`;
  return [
    folded(`${title}: ${what}`, {
      items: advising.map((policy) => ruleItem(policy, places)),
      more: (left) => `${pluralize(left, "more finding")}. ${ELSEWHERE}`,
    }),
  ];
}

export function remediationSection({ remediations }: Plan, places: Places): readonly Section[] {
  if (remediations.length === 0) return [];
  return [
    {
      head: "### 🔧 Remediated",
      separator: "\n",
      items: remediations.map(({ policy, urn, diagnostic }) => {
        const why = diagnostic === undefined ? "" : `: ${truncateMarkdown(MAX_TEXT, diagnostic)}`;
        const where = truncateMarkdown(MAX_NAME, places.whereIs(urn));
        return { text: `- ${inlineCode(policy.slice(0, MAX_NAME))} on **${where}**${why}` };
      }),
      more: (left) => `${left} more. ${ELSEWHERE}`,
    },
  ];
}

export function messageSection(
  diagnostics: readonly Diagnostic[],
  places: Places,
): readonly Section[] {
  const told = diagnostics.filter(({ severity }) => severity !== "info#err");
  if (told.length === 0) return [];
  return [
    folded("Messages", {
      separator: "\n",
      items: told.map(({ severity, message }) => {
        const place = severity === "warning" ? places.mentionedIn(message) : undefined;
        const at =
          place === undefined
            ? ""
            : `${truncateMarkdown(MAX_NAME, `${place.file}:${place.line}`)}: `;
        return { text: `- ${severity}: ${at}${truncateMarkdown(MAX_TEXT, message)}` };
      }),
      more: (left) => `${left} more. ${ELSEWHERE}`,
    }),
  ];
}

/** All resources; for a large plan, the number of each type. */
export function resourceTable({ resources: own, contents }: Plan): Section {
  const resources = [
    ...own,
    ...contents.map(({ type, name }) => ({ op: "content" as const, type, name })),
  ];
  const more = (left: number) => `${left} more rows. ${ELSEWHERE}`;
  if (resources.length <= MAX_ROWS) {
    const rows = resources.map(({ op, type, name }) => [op, type, name]);
    return { ...tableSection(["plan", "type", "name"], rows), more };
  }
  const numbers = new Map<string, { op: string; type: string; count: number }>();
  for (const { op, type } of resources) {
    const entry = numbers.get(`${op} ${type}`) ?? { op, type, count: 0 };
    entry.count++;
    numbers.set(`${op} ${type}`, entry);
  }
  const rows = [...numbers.values()].map(({ op, type, count }) => [op, type, String(count)]);
  return { ...tableSection(["plan", "type", "resources"], rows), more };
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map(() => "---")),
    ...rows.map((cells) => line(cells.map((cell) => truncateMarkdown(MAX_NAME, cell)))),
  ].join("\n");
}

/** A table whose last rows may be dropped. */
function tableSection(head: readonly string[], rows: readonly (readonly string[])[]): Section {
  const [names = "", rule = "", ...lines] = table(head, rows).split("\n");
  const [first, ...others] = lines;
  return {
    separator: "\n",
    items: [
      ...(first === undefined ? [] : [{ text: [names, rule, first].join("\n") }]),
      ...others.map((text) => ({ text })),
    ],
  };
}

export function folded(title: string, section: Section): Section {
  return { ...section, head: `<details><summary>${title}</summary>`, tail: "</details>" };
}
