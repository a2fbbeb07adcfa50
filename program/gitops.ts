import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { FluxSource } from "../components/gitops/FluxSource.ts";
import type { MeshConfiguration } from "../components/mesh/MeshConfiguration.ts";
import { followedRevision } from "../mesh/externalRevisions.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import type { Settings } from "../settings/schema.ts";

/** Flux and the repository that it follows; undefined if the stack does not use GitOps. */
export function fluxSource(
  { gitops }: Settings,
  plan: MeshPlan | undefined,
  cluster: MeshCluster,
  mesh: MeshConfiguration,
): FluxSource | undefined {
  if (gitops === undefined) return undefined;
  const revision = plan?.defaultLabel ?? cluster.revisions.apply(followedRevision);
  return new FluxSource(
    "gitops",
    { ...gitops, cluster, revision },
    { dependsOn: mesh, deletedWith: cluster.cluster },
  );
}
