import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { STACK_TYPE, providerUrn } from "../../offline/plan/urn.ts";
import type { Urn } from "../../offline/plan/urn.ts";
import type { Judgement, ViolatedPolicy } from "./summary.ts";

/** GitHub rejects larger diagrams, and they are not readable. */
const MAX_BOXES = 120;
const MAX_ARROWS = 400;
const MAX_LABEL = 60;

const STYLES = {
  stops: "stroke:#d1242f,stroke-width:3px",
  advised: "stroke:#bf8700,stroke-width:2px",
} as const;

/**
 * The plan as a Mermaid flowchart. Each top-level resource is a box that includes its descendants and their findings.
 * Arrows run from a dependency to its dependents, and from a provider to its resources.
 */
export function drawDiagram(plan: Plan, { stopping, advising }: Judgement): string {
  const boxOf = new Map<Urn, PlannedResource>();
  const sizes = new Map<PlannedResource, number>();
  // A plan has parents before their children.
  for (const resource of plan.resources.filter(({ type }) => type !== STACK_TYPE)) {
    const box = boxOf.get(resource.parent) ?? resource;
    boxOf.set(resource.urn, box);
    sizes.set(box, (sizes.get(box) ?? -1) + 1);
  }
  if (sizes.size > MAX_BOXES) return `_${sizes.size} boxes are too many for a diagram._`;

  const ids = new Map([...sizes.keys()].map((box, i) => [box, `n${i + 1}`]));
  const arrows = new Set<string>();
  for (const { urn, dependencies, provider } of plan.resources) {
    const to = boxOf.get(urn);
    for (const from of [...dependencies, providerUrn(provider)].map((needed) =>
      boxOf.get(needed),
    )) {
      if (from === undefined || to === undefined || from === to) continue;
      arrows.add(`  ${ids.get(from) ?? ""} --> ${ids.get(to) ?? ""}`);
    }
  }
  if (arrows.size > MAX_ARROWS) return `_${arrows.size} arrows are too many for a diagram._`;

  const found = (policies: readonly ViolatedPolicy[], box: PlannedResource) =>
    policies
      .flatMap(({ violations }) => violations)
      .filter(({ urn = "" }) => boxOf.get(urn) === box).length;
  const marked: Record<"stops" | "advised", string[]> = { stops: [], advised: [] };
  const boxes = [...sizes].map(([box, inside]) => {
    const id = ids.get(box) ?? "";
    const [mandatory, advisory] = [found(stopping, box), found(advising, box)];
    if (mandatory > 0) marked.stops.push(id);
    else if (advisory > 0) marked.advised.push(id);
    const more = inside === 0 ? "" : `, ${inside} resource${inside === 1 ? "" : "s"}`;
    const marks =
      (mandatory > 0 ? ` 🛑 ${mandatory}` : "") + (advisory > 0 ? ` ⚠️ ${advisory}` : "");
    return `  ${id}["${quoted(box)}${more}${marks}"]`;
  });
  return [
    "```mermaid",
    "flowchart LR",
    ...boxes,
    ...arrows,
    ...(["stops", "advised"] as const)
      .filter((mark) => marked[mark].length > 0)
      .flatMap((mark) => [
        `  classDef ${mark} ${STYLES[mark]}`,
        `  class ${marked[mark].join(",")} ${mark}`,
      ]),
    "```",
  ].join("\n");
}

/** Text for a quoted label: characters that could end the quotes or the diagram are replaced by their code. */
function quoted({ type, name }: PlannedResource): string {
  const text = `${type.split(":").at(-1) ?? type} ${name}`.replace(/\s+/g, " ");
  const characters = Array.from(text);
  const shown =
    characters.length > MAX_LABEL ? `${characters.slice(0, MAX_LABEL).join("")}…` : text;
  return shown.replace(
    /[^\p{L}\p{N} .,:/_…-]/gu,
    (character) => `#${character.codePointAt(0) ?? 0};`,
  );
}
