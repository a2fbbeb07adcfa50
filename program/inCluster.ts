import { withTags } from "../components/azure/azureTags.ts";
import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import type { Settings } from "../settings/schema.ts";

/** Options for objects in the cluster, which are deleted with it. */
export function inCluster({ provider, cluster }: MeshCluster, { tags }: Settings) {
  return { ...withTags(tags), provider, deletedWith: cluster };
}
