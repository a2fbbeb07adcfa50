import { compareRevisions } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/** How a pod's traffic is redirected to its sidecar: ARM's values of `proxyRedirectionMechanism`. */
export type ProxyRedirection = "CNIChaining" | "InitContainers";

/**
 * The first revision with which a new mesh uses Istio CNI by default. A mesh that was upgraded to it keeps using init
 * containers.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-cni
 */
const CNI_BY_DEFAULT_FROM: MeshRevision = "asm-1-30";

/**
 * The default traffic redirection of a mesh that runs these revisions: init containers if any revision predates the CNI
 * default. Undefined if it depends on the revision that the mesh was created with.
 */
export function defaultRedirection(
  revisions: readonly MeshRevision[],
): ProxyRedirection | undefined {
  return revisions.some((revision) => compareRevisions(revision, CNI_BY_DEFAULT_FROM) < 0)
    ? "InitContainers"
    : undefined;
}
