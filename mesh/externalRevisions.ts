import { compareRevisions, isMeshRevision } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/**
 * The revision that every namespace follows if AKS manages the revisions: the newest one that runs, which is also AKS's
 * own default.
 *
 * @throws Error if none runs.
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export function followedRevision(running: readonly string[]): MeshRevision {
  const newest = running.filter(isMeshRevision).sort(compareRevisions).at(-1);
  if (newest === undefined) {
    throw new Error(
      "The cluster does not run a mesh revision that namespaces could follow. Install one with az aks mesh enable.",
    );
  }
  return newest;
}
