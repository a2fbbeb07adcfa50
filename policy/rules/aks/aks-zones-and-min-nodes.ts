import { AksCluster, clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { inlineNodePools, nodePools, nodePoolsOf } from "../../model/azure/nodePools.ts";
import type { NodePool } from "../../model/azure/nodePools.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

interface Config {
  readonly minimumSystemNodes: number;
  readonly zones: boolean;
}

export const aksZonesAndMinNodes = defineRule<AksCluster | NodePool, Config>({
  name: "aks-zones-and-min-nodes",
  displayName: "Node pools span zones and have spare nodes",
  description:
    "Node pools span availability zones, and the system pools have enough nodes to survive the loss of one during an upgrade.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    'Set availabilityZones to ["1", "2", "3"] on new node pools, because zones cannot be changed later, and give the system pools at least three nodes in total. In a region without zones, set the zones setting of this rule to false.',
  url: "https://learn.microsoft.com/azure/aks/availability-zones",
  tags: ["aks", "PSRule:Azure.AKS.AvailabilityZone", "PSRule:Azure.AKS.MinNodeCount"],
  config: {
    minimumSystemNodes: {
      type: "integer",
      minimum: 1,
      maximum: 100,
      default: 3,
      description: "The minimum number of nodes that a cluster's system pools have in total.",
    },
    zones: {
      type: "boolean",
      default: true,
      description: "Whether the stack's regions have availability zones.",
    },
  },
  about: anyOf<AksCluster | NodePool>(clusters, nodePools),
  unknown: "unjudged",
  // Node pools are registered after their cluster.
  wholeStack: true,
  *check(target, { config, stack }) {
    if (!(target instanceof AksCluster)) {
      if (config.zones) yield* checkZones(target);
      return;
    }
    // AKS Automatic manages the system nodes itself.
    if (target.automatic === true) return;
    const own = inlineNodePools(target);
    if (own instanceof Unknown) {
      yield own;
      return;
    }
    if (config.zones) for (const pool of own) yield* checkZones(pool);
    if (stack.complete) yield* checkSystemNodes(target, stack, config.minimumSystemNodes);
  },
});

function* checkZones(pool: NodePool): Iterable<Finding> {
  const place = pool.at("zones");
  const items = place.items();
  if (items instanceof Unknown) yield items;
  else if (items === undefined || items.length === 0) {
    yield `${place.path} is ${items === undefined ? "not set" : "empty"}, so all nodes may be in one data center and fail together. Spread the pool across zones.`;
  }
}

function* checkSystemNodes(cluster: AksCluster, stack: Stack, minimum: number): Iterable<Finding> {
  const pools = nodePoolsOf(cluster, stack);
  if (pools instanceof Unknown) return;
  const system = pools.filter(({ mode }) => mode === "System" || mode instanceof Unknown);
  const counts = system.map(minimumNodes);
  const unknown = counts.find((count) => count instanceof Unknown);
  const known = counts.filter((count) => typeof count === "number");
  const sum = known.reduce((total, count) => total + count, 0);
  if (sum >= minimum || known.length + (unknown === undefined ? 0 : 1) === 0) return;
  yield (
    unknown ??
    `its system pools have ${sum} ${sum === 1 ? "node" : "nodes"} in total, but need at least ${minimum} to survive the loss of one while another is upgraded. Raise ${system.map(countPlace).join(" or ")}.`
  );
}

/** The minimum number of nodes of a pool; undefined if no single number counts them. */
function minimumNodes(pool: NodePool): number | Unknown | undefined {
  const place = pool.at(isAutoscaled(pool) ? "minCount" : "count");
  const count = place.text();
  if (count instanceof Unknown) return count;
  if (count !== undefined) return Number(count);
  // ARM creates one node by default. A pool of virtual machines has its counts elsewhere.
  return pool.at("machines").read() === undefined ? 1 : undefined;
}

function countPlace(pool: NodePool): string {
  const { path, owner } = pool.at(isAutoscaled(pool) ? "minCount" : "count");
  return `${path} of ${owner}`;
}

function isAutoscaled(pool: NodePool): boolean {
  return pool.at("autoScaling").flag() === true;
}
