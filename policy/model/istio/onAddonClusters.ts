import { allUseAddon } from "../azure/cluster.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import type { Target } from "../../engine/resource.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/**
 * The findings about a target on a cluster with the Istio add-on; none for a target on another cluster. If it is not
 * known yet whether the add-on is enabled, that unknown value replaces any violation.
 *
 * @param findings evaluated only if needed
 */
export function* onAddonClusters(
  target: Target,
  stack: Stack,
  findings: () => Iterable<Finding>,
): Iterable<Finding> {
  yield* ifTrue(allUseAddon(stack.clustersOf(target.resource)), findings);
}
