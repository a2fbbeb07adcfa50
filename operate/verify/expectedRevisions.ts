import { compareRevisions, isMeshRevision } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { controlPlanes } from "../cluster/controlPlanes.ts";
import { armCluster } from "./observedMesh.ts";
import type { ObservedMesh } from "./observedMesh.ts";

/**
 * The revisions that should run, oldest first: those that ARM lists; without ARM those that the stack wants, and without
 * a stack those whose control planes exist. Reads Deployments.
 */
export function expectedRevisions(mesh: ObservedMesh): readonly MeshRevision[] {
  const listed = armRevisions(mesh);
  if (listed.length > 0) return listed;
  return mesh.wanted?.plan?.revisions ?? controlPlanes(mesh.state).map(({ revision }) => revision);
}

/** The revisions that ARM lists, oldest first; none if ARM was not read. */
export function armRevisions(mesh: ObservedMesh): readonly MeshRevision[] {
  const listed = armCluster(mesh)?.serviceMeshProfile?.istio?.revisions ?? [];
  return listed.filter(isMeshRevision).sort(compareRevisions);
}
