import { allUseAddon } from "../azure/cluster.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import type { Target } from "../../engine/resource.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/**
 * What is found about a thing that lands on a cluster with the Istio add-on; nothing where it lands elsewhere. Where
 * nobody knows yet whether the add-on is on, that is what is found in place of whatever would be wrong.
 *
 * @param findings worked out only where they matter
 */
export function* onAddonClusters(
  thing: Target,
  stack: Stack,
  findings: () => Iterable<Finding>,
): Iterable<Finding> {
  yield* ifTrue(allUseAddon(stack.clustersOf(thing.resource)), findings);
}
