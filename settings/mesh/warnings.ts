import { newestRevision, revisionStatus } from "../../mesh/catalog.ts";
import { meshConfigProblems } from "../../mesh/meshConfig.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshSettings } from "../../mesh/upgrade.ts";
import type { Violation } from "../core/violation.ts";
import { meshNamespaces } from "../namespaces/schema.ts";
import type { Settings } from "../schema.ts";
import { CONFIG, targetProblems, violationsOf } from "./rules.ts";

/** Mesh settings that may be right; only the reader or Azure can tell. */
export function meshWarnings({ cluster, mesh, namespaces }: Settings): readonly Violation[] {
  const { revisions } = mesh;
  if (revisions === "external") return [];
  const { kubernetesVersion, supportPlan: plan } = cluster;
  return [
    ...newerThanCatalog(revisions),
    ...violationsOf("warning", ["mesh"], targetProblems(revisions, { kubernetesVersion, plan })),
    ...violationsOf("warning", CONFIG, meshConfigProblems(mesh.meshConfig)),
    ...canaryWithoutNamespace(revisions, namespaces),
  ];
}

function newerThanCatalog({ revision }: MeshSettings): readonly Violation[] {
  if (revisionStatus(revision) !== "newer-than-catalog") return [];
  const newest = newestRevision();
  return [
    {
      steps: ["mesh", "revision"],
      rule: `${revision} is newer than ${newest}, the newest revision known here, so it could not be checked`,
      hideValue: true,
    },
  ];
}

/** A canary that no namespace follows does not test the new revision. */
function canaryWithoutNamespace(
  settings: MeshSettings,
  namespaces: Settings["namespaces"],
): readonly Violation[] {
  const joined = meshNamespaces(namespaces);
  const followed = Object.values(joined).some(({ canary }) => canary);
  if (settings.upgrade?.phase !== "canary" || followed) return [];
  const first = planMesh({ settings, namespaces: joined }).next?.first ?? [];
  return first.map((rule) => ({ steps: ["mesh", "upgrade", "phase"], rule, hideValue: true }));
}
