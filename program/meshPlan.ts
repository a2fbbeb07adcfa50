import { planMesh } from "../mesh/upgrade.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import { meshNamespaces } from "../settings/namespaces/schema.ts";
import type { Settings } from "../settings/schema.ts";

/** The plan of the mesh; undefined if the revisions are managed outside the program, which then reads them from AKS. */
export function meshPlan({ mesh, namespaces }: Settings): MeshPlan | undefined {
  return mesh.revisions === "external"
    ? undefined
    : planMesh({ settings: mesh.revisions, namespaces: meshNamespaces(namespaces) });
}
