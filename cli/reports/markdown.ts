import type { Plan, PlannedResource } from "../../local/plan.ts";
import { STACK_TYPE } from "../../local/urn.ts";
import type { Urn } from "../../local/urn.ts";
import { counts, violationsByPolicy, whereIs } from "./summary.ts";
import type { ViolatedPolicy } from "./summary.ts";

/** GitHub refuses larger pictures, and nobody reads them. */
const MAX_NODES = 120;

/** The plan as a pull-request comment: verdict, violations, a picture, and the list of resources. */
export function toMarkdown(plan: Plan): string {
  const { operations, mandatory, advisory } = counts(plan);
  const verdict = mandatory === 0 ? "✅" : "❌";
  return [
    `## ${verdict} Preview of \`${plan.project}\`, stack \`${plan.stack}\``,
    [
      "| resources | mandatory violations | advisory violations |",
      "| --- | --- | --- |",
      `| ${operations.map(([op, n]) => `${n} to ${op}`).join(", ")} | ${mandatory} | ${advisory} |`,
    ].join("\n"),
    ...violationsByPolicy(plan).map((policy) => violationSection(plan, policy)),
    ...remediationSection(plan),
    ["```mermaid", ...picture(plan), "```"].join("\n"),
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
    escape(policy.description),
    policy.violations
      .map(({ urn, message }) => `- **${escape(whereIs(plan, urn))}**: ${escape(message)}`)
      .join("\n"),
    ...(policy.remediationSteps === undefined
      ? []
      : [`**Fix:** ${escape(policy.remediationSteps)}`]),
  ].join("\n\n");
}

function remediationSection(plan: Plan): string[] {
  if (plan.remediations.length === 0) return [];
  const lines = plan.remediations.map(
    ({ policy, urn, diagnostic }) =>
      `- \`${policy}\` on **${escape(whereIs(plan, urn))}**${diagnostic === undefined ? "" : `: ${escape(diagnostic)}`}`,
  );
  return [["### 🔧 Remediated", "", ...lines].join("\n")];
}

function messageSection(plan: Plan): string[] {
  const told = plan.diagnostics.filter(({ severity }) => severity !== "info#err");
  if (told.length === 0) return [];
  return [
    details(
      "Messages",
      told.map(({ severity, message }) => `- ${severity}: ${escape(message)}`).join("\n"),
    ),
  ];
}

/**
 * Each resource of the top level is a box; a component's descendants stand inside it. Arrows run
 * between boxes of the top level, from what is needed to what needs it.
 */
function picture(plan: Plan): string[] {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const top = (urn: Urn): PlannedResource | undefined => {
    const resource = byUrn.get(urn);
    const parent = resource === undefined ? undefined : byUrn.get(resource.parent);
    return parent === undefined || parent.type === STACK_TYPE ? resource : top(parent.urn);
  };
  const boxes = plan.resources.filter((r) => r.type !== STACK_TYPE && top(r.urn) === r);
  const ids = new Map(plan.resources.map((resource, i) => [resource.urn, `n${i}`]));
  const id = (resource: PlannedResource) => ids.get(resource.urn) ?? "";
  const detailed = plan.resources.length <= MAX_NODES;

  const nodes = boxes.flatMap((box) => {
    const inside = plan.resources.filter((r) => r !== box && top(r.urn) === box);
    if (inside.length === 0) return [`  ${id(box)}${label(box)}`];
    if (!detailed) return [`  ${id(box)}${label(box, `, ${inside.length} resources`)}`];
    return [
      `  subgraph ${id(box)}${label(box)}`,
      ...inside.map((resource) => `    ${id(resource)}${label(resource)}`),
      "  end",
    ];
  });
  const arrows = new Set<string>();
  for (const resource of plan.resources) {
    const to = top(resource.urn);
    for (const urn of resource.dependencies) {
      const from = top(urn);
      if (from === undefined || to === undefined || from === to) continue;
      if (from.type !== STACK_TYPE && to.type !== STACK_TYPE) {
        arrows.add(`  ${id(from)} --> ${id(to)}`);
      }
    }
  }
  return ["flowchart LR", ...nodes, ...arrows];
}

function label({ type, name }: PlannedResource, more = ""): string {
  const kind = type.split(":").at(-1) ?? type;
  return `["${`${kind} ${name}${more}`.replaceAll('"', "#quot;")}"]`;
}

function resourceTable(plan: Plan): string {
  return [
    "| plan | type | name |",
    "| --- | --- | --- |",
    ...plan.resources.map(({ op, type, name }) => `| ${op} | \`${type}\` | ${escape(name)} |`),
  ].join("\n");
}

function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Text from a program must not become markup of the comment. */
function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]|]/g, (character) => `\\${character}`)
    .replaceAll("\n", "<br>");
}
