import { compareRevisions, isMeshRevision } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/**
 * The revision that every namespace follows where revisions are left to AKS: the newest of those that run, which is
 * the one that AKS itself takes for whatever names none.
 *
 * @throws Error where none runs.
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export function followedRevision(running: readonly string[]): MeshRevision {
  const newest = running.filter(isMeshRevision).sort(compareRevisions).at(-1);
  if (newest === undefined) {
    throw new Error(
      "The cluster runs no revision of the mesh that a namespace could follow: az aks mesh enable installs one.",
    );
  }
  return newest;
}
