import { clusters } from "../azure/cluster.ts";
import type { AksCluster } from "../azure/cluster.ts";
import { mayBelongTo } from "../azure/clusterParts.ts";
import type { Resource } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";
import { fluxConfigurations } from "./flux.ts";

/** The clusters of the stack that a Flux configuration may apply its objects to; undefined for another resource. */
export function fluxClusters(
  resource: Resource,
  stack: Pick<Stack, "all" | "origins">,
): readonly AksCluster[] | undefined {
  if (!fluxConfigurations.matches(resource.type)) return undefined;
  return stack.all(clusters).filter((cluster) => mayBelongTo(cluster, resource, stack));
}
