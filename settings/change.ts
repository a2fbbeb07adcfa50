import { catalog } from "../mesh/catalog.ts";
import { judgeEgressChange } from "../mesh/egressChange.ts";
import type { Problem } from "../mesh/problem.ts";
import { judgeChange } from "../mesh/upgradeChange.ts";
import { meshNamespaces } from "./namespaces.ts";
import type { Settings } from "./parse.ts";

/**
 * What is wrong with going from one state of the settings to another in one deployment, with paths from the project's
 * keys. Revisions that are left to AKS, before or after, are not the settings' to change.
 */
export function changeProblems(before: Settings, after: Settings): readonly Problem[] {
  return [
    ...below("mesh", meshChange(before, after)),
    ...below("gateways", judgeEgressChange(egressOf(before), egressOf(after))),
  ];
}

function meshChange(before: Settings, after: Settings): readonly Problem[] {
  const [was, will] = [before.mesh.revisions, after.mesh.revisions];
  if (was === "external" || will === "external") return [];
  const { kubernetesVersion, supportPlan: plan } = after.cluster;
  return judgeChange(
    { settings: was, namespaces: meshNamespaces(before.namespaces) },
    { settings: will, namespaces: meshNamespaces(after.namespaces) },
    { day: catalog.asOf, cluster: { kubernetesVersion, plan } },
  );
}

function egressOf({ gateways: { staticEgress, egress } }: Settings) {
  return { staticEgress, gateways: egress };
}

function below(key: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, path: `${key}.${problem.path}` }));
}
