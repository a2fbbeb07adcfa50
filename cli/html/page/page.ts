import type { Plan } from "../../../offline/plan/plan.ts";
import { partOf } from "../../check/planContext.ts";
import type { Previewed } from "../../reports/previewed.ts";
import { countEnabledPolicies, countOperations, pluralize } from "../../reports/summary.ts";
import type { Judgement } from "../../reports/summary.ts";
import type { LayOut } from "../drawing/layout.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { meshesOf } from "../mesh/meshOf.ts";
import { Anchors } from "./anchors.ts";
import { changeSection } from "./changeSection.ts";
import { documentOf } from "./document.ts";
import { NO_FINDINGS, findingsByUrn } from "./findingsOf.ts";
import { adviceSection, notJudgedSection, stoppingSection } from "./judgement.ts";
import { meshSection } from "./meshSection.ts";
import { messagesSection, outputsSection, remediatedSection } from "./rest.ts";
import { planSection } from "./tree.ts";

/** A plan as a page: the verdict, what changes, what stops the deployment, the mesh, and the rest. */
export function planPage(
  { plan, judgement, places, comparison }: Omit<Previewed, "projectFile">,
  layOut: LayOut,
): string {
  const anchors = new Anchors(plan, judgement);
  const findings = findingsByUrn(judgement);
  const meshes = meshesOf([...plan.resources, ...plan.contents].map(partOf));
  const sections = [
    changeSection(comparison, anchors, places),
    stoppingSection(anchors, places),
    meshSection(meshes, layOut, anchors, (urn) => findings.get(urn ?? "") ?? NO_FINDINGS),
    notJudgedSection(anchors, places),
    adviceSection(anchors, places),
    remediatedSection(plan, anchors, places),
    planSection(plan, anchors, places),
    outputsSection(plan),
    messagesSection(plan, places),
  ];
  return documentOf(plan, {
    verdict: verdictOf(judgement),
    stops: judgement.stops,
    summary: numbersOf(plan, judgement),
    sections: sections.filter((section) => section !== undefined),
  });
}

function verdictOf({ stops, stopping, numbers }: Judgement): string {
  if (!stops) return "Nothing stops the deployment";
  return stopping.length === 0
    ? "What was not judged stops the deployment"
    : `${pluralize(numbers.mandatory, "mandatory finding")} ${numbers.mandatory === 1 ? "stops" : "stop"} the deployment`;
}

function numbersOf(plan: Plan, { numbers }: Judgement): Markup {
  const { contents, packs } = plan;
  const tiles: readonly (readonly [number, string, string])[] = [
    ...countOperations(plan).map(([op, count]) => [count, `to ${op}`, ""] as const),
    ...(contents.length === 0 ? [] : [[contents.length, "contents", ""] as const]),
    [numbers.mandatory, "mandatory", numbers.mandatory === 0 ? "" : "stops"],
    [numbers.advisory, "advisory", numbers.advisory === 0 ? "" : "advises"],
    [numbers.notJudged, "not judged", ""],
  ];
  const judges = packs.map(
    (pack) => `${pack.name} ${pack.version} (${countEnabledPolicies(pack)} policies)`,
  );
  return markup`<dl class="tiles">${tiles.map(([count, name, look]) => markup`<div class="${look}"><dt>${name}</dt><dd>${count}</dd></div>`)}</dl>
<p class="muted">${judges.length === 0 ? "No policy judged the plan." : `Judged by ${judges.join(", ")}.`}</p>
`;
}
