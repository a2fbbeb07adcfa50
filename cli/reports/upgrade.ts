import { egressSteps } from "../../mesh/egressPhases.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import { meshNamespaces } from "../../settings/namespaces.ts";
import type { Settings } from "../../settings/parse.ts";

interface Step {
  readonly does: string;
  readonly first: readonly string[];
}

/** Where the upgrade of a mesh stands, and every egress gateway, with the steps on and back. */
export function upgradeText({ mesh, namespaces, gateways }: Settings): string {
  const egress = Object.entries(gateways.egress).flatMap(([name, { phase }]) => [
    "",
    `Egress gateway ${name}: ${phase}`,
    ...steps(egressSteps(phase)),
  ]);
  return `${[...meshLines(mesh.revisions, namespaces), ...egress].join("\n")}\n`;
}

function meshLines(
  revisions: Settings["mesh"]["revisions"],
  namespaces: Settings["namespaces"],
): readonly string[] {
  if (revisions === "external") {
    return ["Mesh: revisions are left to AKS, and namespaces follow the newest that runs."];
  }
  const plan = planMesh({ settings: revisions, namespaces: meshNamespaces(namespaces) });
  const { revision, upgrade } = revisions;
  return [
    upgrade === undefined
      ? `Mesh: ${revision}, no upgrade under way`
      : `Mesh: ${revision} to ${upgrade.to}, ${plan.phase}`,
    `  AKS runs    ${plan.revisions.join(", ")}`,
    ...Object.entries(plan.labels).map(([name, label]) => `  ${label}    ${name}`),
    ...steps(plan),
  ];
}

function steps({
  next,
  back,
}: {
  readonly next: Step | undefined;
  readonly back: Step | undefined;
}): readonly string[] {
  return [...step("next", next), ...step("back", back)];
}

function step(name: string, of: Step | undefined): readonly string[] {
  if (of === undefined) return [];
  return [`  ${name}: ${of.does}`, ...of.first.map((first) => `    first: ${first}`)];
}
