import { planMesh } from "../mesh/upgrade.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import { meshNamespaces } from "../settings/namespaces/schema.ts";
import type { Settings } from "../settings/schema.ts";

/** What follows from the mesh's settings; undefined where revisions are left to AKS, which is asked for them instead. */
export function meshPlan({ mesh, namespaces }: Settings): MeshPlan | undefined {
  return mesh.revisions === "external"
    ? undefined
    : planMesh({ settings: mesh.revisions, namespaces: meshNamespaces(namespaces) });
}
