import { withTags } from "../components/azure/azureTags.ts";
import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { FluxSource } from "../components/gitops/FluxSource.ts";
import type { MeshConfiguration } from "../components/mesh/MeshConfiguration.ts";
import { followedRevision } from "../mesh/externalRevisions.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import type { Settings } from "../settings/schema.ts";
import type { MeshNamespaces } from "./namespaces.ts";

/** Flux and the sources that it follows; undefined if the stack does not use GitOps. */
export function fluxSource(
  { gitops, tags }: Settings,
  plan: MeshPlan | undefined,
  cluster: MeshCluster,
  mesh: MeshConfiguration,
  namespaces: MeshNamespaces,
): FluxSource | undefined {
  if (gitops === undefined) return undefined;
  const revision = plan?.defaultLabel ?? cluster.revisions.apply(followedRevision);
  const configurations = Object.fromEntries(
    Object.entries(gitops.configurations).map(([name, configuration]) => {
      // AKS creates a namespace that does not exist, without the label of the mesh.
      const created = namespaces.get(configuration.namespace)?.namespaceName;
      return [name, { ...configuration, namespace: created ?? configuration.namespace }];
    }),
  );
  return new FluxSource(
    "gitops",
    { ...gitops, configurations, cluster, revision },
    { ...withTags(tags), dependsOn: mesh },
  );
}
