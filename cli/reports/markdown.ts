import type { Diagnostic, Plan } from "../../offline/plan/plan.ts";
import { explanationOf } from "./explanation.ts";
import type { Failure } from "./failure.ts";
import { inlineCode, truncateMarkdown, webAddress } from "./markup.ts";
import { layOutPage } from "./page.ts";
import type { Item, Section } from "./page.ts";
import { drawDiagram } from "./picture.ts";
import type { Places } from "./places.ts";
import { pluralize, countOperations } from "./summary.ts";
import type { Judgement, Unjudged, ViolatedPolicy } from "./summary.ts";

/** GitHub limits a comment to 65,536 characters. */
const MAX_LENGTH = 65_535;

/** More of them would not be readable in a comment. */
const MAX_ROWS = 300;
const MAX_FINDINGS = 20;

/** Maximum length of a text from a program or a pack, in characters of Markdown. */
const MAX_TEXT = 1_000;
const MAX_NAME = 200;

const ELSEWHERE = "See the terminal or `--json` for all.";

/** The plan as a pull request comment: verdict, mandatory findings, what was not judged, and the rest collapsed. */
export function toMarkdown(plan: Plan, judgement: Judgement, places: Places): string {
  const { stopping, notJudged, numbers, stops } = judgement;
  return layOutPage(
    [
      {
        head: [
          heading(stops ? "❌" : "✅", plan),
          table(
            ["resources", "mandatory violations", "advisory violations", "not judged"],
            [
              [
                countOperations(plan)
                  .map(([op, n]) => `${n} to ${op}`)
                  .join(", "),
                String(numbers.mandatory),
                String(numbers.advisory),
                String(numbers.notJudged),
              ],
            ],
          ),
        ].join("\n\n"),
      },
      {
        items: stopping.map((policy) => ruleItem(policy, places)),
        more: (left) => `**${pluralize(left, "more mandatory finding")}.** ${ELSEWHERE}`,
      },
      ...(notJudged.length === 0 ? [] : [notJudgedSection(notJudged, places)]),
      ...adviceSection(judgement, places),
      ...remediationSection(plan, places),
      folded("Diagram", {
        items: [{ text: drawDiagram(plan, judgement) }],
        more: () => "_The diagram does not fit into the comment._",
      }),
      folded("Resources", resourceTable(plan)),
      ...messageSection(plan.diagnostics, places),
      {
        head: "_This is an offline preview of a first deployment: every resource shows as new, even if it is already deployed._",
      },
    ],
    MAX_LENGTH,
  );
}

/** The findings about manifests as a pull request comment. */
export function toCheckMarkdown(plan: Plan, judgement: Judgement, places: Places): string {
  const { stopping, notJudged, numbers, stops } = judgement;
  return layOutPage(
    [
      {
        head: [
          `## ${stops ? "❌" : "✅"} Check of ${namedCode(plan.stack)}`,
          table(
            ["objects", "mandatory violations", "advisory violations", "not judged"],
            [
              [plan.resources.length, numbers.mandatory, numbers.advisory, numbers.notJudged].map(
                String,
              ),
            ],
          ),
        ].join("\n\n"),
      },
      {
        items: stopping.map((policy) => ruleItem(policy, places)),
        more: (left) => `**${pluralize(left, "more mandatory finding")}.** ${ELSEWHERE}`,
      },
      ...(notJudged.length === 0 ? [] : [notJudgedSection(notJudged, places)]),
      ...adviceSection(judgement, places),
    ],
    MAX_LENGTH,
  );
}

/** A pull request comment that says why there is no plan. */
export function failureToMarkdown(failure: Failure): string {
  return layOutPage(
    [
      { head: heading("❌", failure) },
      { head: "The preview failed:" },
      {
        separator: "\n",
        items: failure.problems.map(({ message, place }) => {
          const at =
            place === undefined
              ? ""
              : `**${truncateMarkdown(MAX_NAME, `${place.file}:${place.line}`)}**: `;
          return { text: `- ${at}${truncateMarkdown(2 * MAX_TEXT, message)}` };
        }),
        more: (left) => `${pluralize(left, "more problem")}. ${ELSEWHERE}`,
      },
    ],
    MAX_LENGTH,
  );
}

function heading(verdict: string, { project, stack }: { project: string; stack: string }): string {
  return `## ${verdict} Preview of ${namedCode(project)}, stack ${namedCode(stack)}`;
}

function namedCode(text: string): string {
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

function finding(where: string, message: string): string {
  return `- **${truncateMarkdown(MAX_NAME, where)}**: ${truncateMarkdown(MAX_TEXT, message)}`;
}

function notJudgedSection(notJudged: readonly Unjudged[], places: Places): Section {
  const stops = notJudged.some((item) => item.stops);
  return {
    head: `### ${stops ? "🛑" : "❔"} Not judged`,
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

function adviceSection({ advising, numbers }: Judgement, places: Places): readonly Section[] {
  if (advising.length === 0) return [];
  const what = `${pluralize(numbers.advisory, "finding")} of ${pluralize(advising.length, "rule")}`;
  return [
    folded(`Advice: ${what}`, {
      items: advising.map((policy) => ruleItem(policy, places)),
      more: (left) => `${pluralize(left, "more finding")}. ${ELSEWHERE}`,
    }),
  ];
}

function remediationSection({ remediations }: Plan, places: Places): readonly Section[] {
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

function messageSection(diagnostics: readonly Diagnostic[], places: Places): readonly Section[] {
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
function resourceTable({ resources: own, contents }: Plan): Section {
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
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

function folded(title: string, section: Section): Section {
  return { ...section, head: `<details><summary>${title}</summary>`, tail: "</details>" };
}
