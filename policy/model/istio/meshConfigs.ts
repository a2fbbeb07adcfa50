import type { Target } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";
import { Unknown } from "../../engine/cursor.ts";
import { onOneCluster } from "../kubernetes/objectNamespace.ts";
import { revisionsOf } from "./revisionLabel.ts";
import { sharedConfigMaps } from "./sharedConfigMaps.ts";
import type { SharedConfigMap } from "./sharedConfigMaps.ts";

/** The shared ConfigMaps of the cluster of a target, without those of revisions that certainly do not run there. */
export function sharedConfigMapsOf(target: Target, stack: Stack): readonly SharedConfigMap[] {
  return stack
    .all(sharedConfigMaps)
    .filter((map) => onOneCluster(map, target, stack) && mayBeRead(map, stack));
}

function mayBeRead({ resource, revision }: SharedConfigMap, stack: Stack): boolean {
  if (revision instanceof Unknown) return true;
  return stack.clustersOf(resource).some((cluster) => {
    const revisions = revisionsOf(cluster, stack);
    return (
      revisions === undefined ||
      revisions instanceof Unknown ||
      revisions.some((one) => one instanceof Unknown || one === revision)
    );
  });
}
