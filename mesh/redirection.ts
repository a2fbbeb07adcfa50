import { compareRevisions } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/** How the traffic of a pod gets into its sidecar, in ARM's words for `proxyRedirectionMechanism`. */
export type ProxyRedirection = "CNIChaining" | "InitContainers";

/**
 * The first revision with which a new mesh redirects traffic by Istio CNI where nobody says otherwise. A mesh that was
 * upgraded to it keeps the init containers that it had.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-cni
 */
const CNI_BY_DEFAULT_FROM: MeshRevision = "asm-1-30";

/**
 * How a mesh surely redirects traffic where nobody says, by the revisions that it runs: with init containers if any of
 * them is older than the first that does otherwise. Undefined where that depends on what the mesh began with.
 */
export function defaultRedirection(
  revisions: readonly MeshRevision[],
): ProxyRedirection | undefined {
  return revisions.some((revision) => compareRevisions(revision, CNI_BY_DEFAULT_FROM) < 0)
    ? "InitContainers"
    : undefined;
}
