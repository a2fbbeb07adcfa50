import type { Plan, PlannedResource } from "../../local/plan.ts";
import { STACK_TYPE } from "../../local/urn.ts";
import type { Urn } from "../../local/urn.ts";
import { inMarkdown } from "./markup.ts";
import { counts, violationsByPolicy, whereIs } from "./summary.ts";
import type { ViolatedPolicy } from "./summary.ts";

/** GitHub refuses larger pictures, and nobody reads them. */
const MAX_NODES = 120;

/** A comment on GitHub has at most 65,536 characters. */
const MAX_ROWS = 300;

/** The plan as a pull-request comment: verdict, violations, a picture, and the list of resources. */
export function toMarkdown(plan: Plan): string {
  const { operations, mandatory, advisory } = counts(plan);
  const verdict = mandatory === 0 ? "✅" : "❌";
  return [
    `## ${verdict} Preview of \`${plan.project}\`, stack \`${plan.stack}\``,
    table(
      ["resources", "mandatory violations", "advisory violations"],
      [
        [
          operations.map(([op, n]) => `${n} to ${op}`).join(", "),
          String(mandatory),
          String(advisory),
        ],
      ],
    ),
    ...violationsByPolicy(plan).map((policy) => violationSection(plan, policy)),
    ...remediationSection(plan),
    picture(plan),
    details("Resources", resourceTable(plan)),
    ...messageSection(plan),
    "_Previewed offline and from empty: every resource shows as new, whatever is deployed already._",
  ]
    .join("\n\n")
    .concat("\n");
}

function violationSection(plan: Plan, policy: ViolatedPolicy): string {
  const icon = policy.enforcementLevel === "mandatory" ? "🛑" : "⚠️";
  const name =
    policy.url === undefined ? `\`${policy.policy}\`` : `[\`${policy.policy}\`](${policy.url})`;
  return [
    `### ${icon} ${name}${policy.severity === undefined ? "" : ` (${policy.severity})`}`,
    inMarkdown(policy.description),
    policy.violations
      .map(({ urn, message }) => `- **${inMarkdown(whereIs(plan, urn))}**: ${inMarkdown(message)}`)
      .join("\n"),
    ...(policy.remediationSteps === undefined
      ? []
      : [`**Fix:** ${inMarkdown(policy.remediationSteps)}`]),
  ].join("\n\n");
}

function remediationSection(plan: Plan): string[] {
  if (plan.remediations.length === 0) return [];
  const lines = plan.remediations.map(
    ({ policy, urn, diagnostic }) =>
      `- \`${policy}\` on **${inMarkdown(whereIs(plan, urn))}**${diagnostic === undefined ? "" : `: ${inMarkdown(diagnostic)}`}`,
  );
  return [["### 🔧 Remediated", "", ...lines].join("\n")];
}

function messageSection(plan: Plan): string[] {
  const told = plan.diagnostics.filter(({ severity }) => severity !== "info#err");
  if (told.length === 0) return [];
  return [
    details(
      "Messages",
      told.map(({ severity, message }) => `- ${severity}: ${inMarkdown(message)}`).join("\n"),
    ),
  ];
}

/**
 * Each resource of the top level is a box; a component's descendants stand inside it. Arrows run
 * between boxes of the top level, from what is needed to what needs it.
 */
function picture(plan: Plan): string {
  const boxOf = new Map<Urn, PlannedResource>();
  const inside = new Map<PlannedResource, PlannedResource[]>();
  // A plan has parents before their children.
  for (const resource of plan.resources.filter(({ type }) => type !== STACK_TYPE)) {
    const box = boxOf.get(resource.parent) ?? resource;
    boxOf.set(resource.urn, box);
    if (box === resource) inside.set(box, []);
    else inside.get(box)?.push(resource);
  }
  if (inside.size > MAX_NODES) return `_${inside.size} resources are too many for a picture._`;

  const ids = new Map(plan.resources.map((resource, i) => [resource.urn, `n${i}`]));
  const id = (resource: PlannedResource) => ids.get(resource.urn) ?? "";
  const nodes = [...inside].flatMap(([box, descendants]) => {
    if (descendants.length === 0) return [`  ${id(box)}${label(box)}`];
    if (plan.resources.length > MAX_NODES) {
      return [`  ${id(box)}${label(box, `, ${descendants.length} resources`)}`];
    }
    return [
      `  subgraph ${id(box)}${label(box)}`,
      ...descendants.map((resource) => `    ${id(resource)}${label(resource)}`),
      "  end",
    ];
  });
  const arrows = new Set<string>();
  for (const { urn, dependencies } of plan.resources) {
    const to = boxOf.get(urn);
    for (const from of dependencies.map((needed) => boxOf.get(needed))) {
      if (from === undefined || to === undefined || from === to) continue;
      arrows.add(`  ${id(from)} --> ${id(to)}`);
    }
  }
  return ["```mermaid", "flowchart LR", ...nodes, ...arrows, "```"].join("\n");
}

/** Quoted text of a picture: what could end the quotes or the picture is written as its code. */
function label({ type, name }: PlannedResource, more = ""): string {
  const text = `${type.split(":").at(-1) ?? type} ${name}${more}`;
  const quoted = text
    .replace(/\s+/g, " ")
    .replace(/[^\p{L}\p{N} .,:/_-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
  return `["${quoted}"]`;
}

/** Each resource; of a large plan, how many of each type. */
function resourceTable({ resources }: Plan): string {
  if (resources.length <= MAX_ROWS) {
    return table(
      ["plan", "type", "name"],
      resources.map(({ op, type, name }) => [op, type, name]),
    );
  }
  const numbers = new Map<string, { op: string; type: string; count: number }>();
  for (const { op, type } of resources) {
    const entry = numbers.get(`${op} ${type}`) ?? { op, type, count: 0 };
    entry.count++;
    numbers.set(`${op} ${type}`, entry);
  }
  return table(
    ["plan", "type", "resources"],
    [...numbers.values()].map(({ op, type, count }) => [op, type, String(count)]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map(() => "---")),
    ...rows.map((cells) => line(cells.map(inMarkdown))),
  ].join("\n");
}

function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
