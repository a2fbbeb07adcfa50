import type { Plan } from "../../offline/plan/plan.ts";
import { changeSections, comparedSection } from "./changeMarkdown.ts";
import type { Comparison } from "./comparison.ts";
import type { Failure } from "./failure.ts";
import {
  ELSEWHERE,
  MAX_NAME,
  MAX_TEXT,
  adviceSection,
  messageSection,
  namedCode,
  notJudgedSection,
  remediationSection,
  folded,
  resourceTable,
  stoppingSection,
  table,
} from "./markdownSections.ts";
import { truncateMarkdown } from "./markup.ts";
import { layOutPage } from "./page.ts";
import type { Section } from "./page.ts";
import type { Places } from "./places.ts";
import { countOperations, pluralize } from "./summary.ts";
import type { Judgement } from "./summary.ts";

/** GitHub limits a comment to 65,536 characters. The command `comment` adds its mark. */
export const MAX_LENGTH = 64_000;

/**
 * The plan as a pull request comment: verdict, mandatory findings, what was not judged, and the rest collapsed. With a
 * comparison, what changes comes first, and the whole plan is collapsed.
 */
export function toMarkdown(
  plan: Plan,
  judgement: Judgement,
  places: Places,
  comparison?: Comparison,
): string {
  const title = heading(judgement.stops ? "❌" : "✅", plan);
  const whole = planSections(plan, judgement, places);
  if (comparison === undefined) {
    return layOutPage(
      [
        { head: title },
        ...whole,
        {
          head: "_This is an offline preview of a first deployment: every resource shows as new, even if it is already deployed._",
        },
      ],
      MAX_LENGTH,
    );
  }
  return layOutPage(
    [
      { head: title },
      comparedSection(comparison),
      ...changeSections(comparison, judgement, places),
      { head: `<details><summary>The whole plan</summary>` },
      ...whole,
      { head: "</details>" },
      {
        head: "_Both sides are offline previews of a first deployment. What is deployed may differ from both._",
      },
    ],
    MAX_LENGTH,
  );
}

/** The plan without a title and an end. */
export function planSections(plan: Plan, judgement: Judgement, places: Places): readonly Section[] {
  const { stopping, notJudged, numbers } = judgement;
  return [
    {
      head: table(
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
    },
    stoppingSection(stopping, places),
    ...(notJudged.length === 0 ? [] : [notJudgedSection(notJudged, places)]),
    ...adviceSection(judgement, places),
    ...remediationSection(plan, places),
    folded("Resources", resourceTable(plan)),
    ...messageSection(plan.diagnostics, places),
  ];
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
      stoppingSection(stopping, places),
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
