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

/** How many minor versions nodes may be older than the control plane. */
export const OLDER = 3;

/** A node pool that names a version, beside the control plane's. */
export interface PoolVersion {
  readonly place: Cursor;
  readonly version: string;
  readonly control: string;
  /** By how many minor versions the pool is older; negative where it is newer. */
  readonly behind: number;
}

/** Clusters, with the pools that they hold themselves, and pools that are resources of their own. */
export const clustersAndPools = anyOf<AksCluster | NodePool>(clusters, nodePools);

/** What is found about the versions of the pools of a cluster, or of a pool with the cluster that it joins. */
export function* poolVersionFindings(
  thing: AksCluster | NodePool,
  stack: Stack,
  judge: (versions: PoolVersion) => Iterable<Finding>,
): Iterable<Finding> {
  if (thing instanceof AksCluster) {
    const own = inlineNodePools(thing);
    for (const pool of own instanceof Unknown ? [] : own) yield* compared(pool, thing, judge);
    return;
  }
  // Where it may join one of several, it is wrong only if it is with each.
  const findings = stack
    .all(clusters)
    .filter((cluster) => mayBelongTo(cluster, thing.resource, stack))
    .map((cluster) => [...compared(thing, cluster, judge)]);
  if (findings.every((found) => found.length > 0)) yield* findings[0] ?? [];
}

function* compared(
  pool: NodePool,
  cluster: AksCluster,
  judge: (versions: PoolVersion) => Iterable<Finding>,
): Iterable<Finding> {
  const place = pool.at("version");
  const [version, control] = [place.text(), cluster.at("kubernetesVersion").text()];
  // A pool without a version is made with the cluster's.
  if (version === undefined || control === undefined) return;
  if (version instanceof Unknown || control instanceof Unknown) {
    if (version instanceof Unknown) yield version;
    return;
  }
  const [minor, of] = [kubernetesMinor(version), kubernetesMinor(control)];
  if (minor === undefined || of === undefined) return;
  yield* judge({ place, version, control, behind: of - minor });
}
