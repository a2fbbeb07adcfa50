import { kubernetesMinor } from "../../../mesh/catalog.ts";
import { AksCluster, clusters } from "./cluster.ts";
import { mayBelongTo } from "./clusterParts.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { inlineNodePools, nodePools } from "./nodePools.ts";
import type { NodePool } from "./nodePools.ts";
import { anyOf } from "../../engine/resource.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/** The number of minor versions by which nodes may be older than the control plane. */
export const OLDER = 3;

/** The version of a node pool, and that of the control plane. */
export interface PoolVersion {
  readonly place: Cursor;
  readonly version: string;
  readonly control: string;
  /** The number of minor versions by which the pool is older; negative if it is newer. */
  readonly behind: number;
}

/** Clusters, with their inline pools, and pools that are separate resources. */
export const clustersAndPools = anyOf<AksCluster | NodePool>(clusters, nodePools);

/** The findings about the versions of a cluster's inline pools, or of a pool that is a separate resource. */
export function* poolVersionFindings(
  target: AksCluster | NodePool,
  stack: Stack,
  judge: (versions: PoolVersion) => Iterable<Finding>,
): Iterable<Finding> {
  if (target instanceof AksCluster) {
    const own = inlineNodePools(target);
    for (const pool of own instanceof Unknown ? [] : own) yield* compared(pool, target, judge);
    return;
  }
  // A pool that may belong to several clusters violates the rule only if it does so with each of them.
  const findings = stack
    .all(clusters)
    .filter((cluster) => mayBelongTo(cluster, target.resource, stack))
    .map((cluster) => [...compared(target, cluster, judge)]);
  if (findings.every((found) => found.length > 0)) yield* findings[0] ?? [];
}

function* compared(
  pool: NodePool,
  cluster: AksCluster,
  judge: (versions: PoolVersion) => Iterable<Finding>,
): Iterable<Finding> {
  const place = pool.at("version");
  const [version, control] = [place.text(), cluster.at("kubernetesVersion").text()];
  // A pool without a version gets that of the cluster.
  if (version === undefined || control === undefined) return;
  if (version instanceof Unknown || control instanceof Unknown) {
    if (version instanceof Unknown) yield version;
    return;
  }
  const [minor, of] = [kubernetesMinor(version), kubernetesMinor(control)];
  if (minor === undefined || of === undefined) return;
  yield* judge({ place, version, control, behind: of - minor });
}
