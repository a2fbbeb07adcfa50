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
    "Node pools span availability zones, and the system pool has enough nodes to survive the loss of one during an upgrade.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    'Set availabilityZones to ["1", "2", "3"] on new node pools, for zones cannot be changed afterwards, and give system pools three nodes. In a region that has no zones, set zones to false for this rule.',
  url: "https://learn.microsoft.com/azure/aks/availability-zones",
  tags: ["aks", "PSRule:Azure.AKS.AvailabilityZone", "PSRule:Azure.AKS.MinNodeCount"],
  config: {
    minimumSystemNodes: {
      type: "integer",
      minimum: 1,
      maximum: 100,
      default: 3,
      description: "How many nodes the system pools of a cluster have together, at the least.",
    },
    zones: {
      type: "boolean",
      default: true,
      description: "Whether the regions of the stack have availability zones.",
    },
  },
  about: anyOf<AksCluster | NodePool>(clusters, nodePools),
  unknown: "unjudged",
  // The pools come after their cluster.
  wholeStack: true,
  *check(thing, { config, stack }) {
    if (!(thing instanceof AksCluster)) {
      if (config.zones) yield* zones(thing);
      return;
    }
    // AKS keeps the system's nodes of such a cluster itself.
    if (thing.automatic === true) return;
    const own = inlineNodePools(thing);
    if (own instanceof Unknown) {
      yield own;
      return;
    }
    if (config.zones) for (const pool of own) yield* zones(pool);
    if (stack.complete) yield* systemNodes(thing, stack, config.minimumSystemNodes);
  },
});

function* zones(pool: NodePool): Iterable<Finding> {
  const place = pool.at("zones");
  const items = place.items();
  if (items instanceof Unknown) yield items;
  else if (items === undefined || items.length === 0) {
    yield `${place.path} is ${items === undefined ? "not set" : "empty"}, so that all nodes may be in the one data center that fails. Spread the pool over zones.`;
  }
}

function* systemNodes(cluster: AksCluster, stack: Stack, minimum: number): Iterable<Finding> {
  const pools = nodePoolsOf(cluster, stack);
  if (pools instanceof Unknown) return;
  const system = pools.filter(({ mode }) => mode === "System" || mode instanceof Unknown);
  const counts = system.map(nodesOf);
  const unknown = counts.find((count) => count instanceof Unknown);
  const known = counts.filter((count) => typeof count === "number");
  const sum = known.reduce((total, count) => total + count, 0);
  if (sum >= minimum || known.length + (unknown === undefined ? 0 : 1) === 0) return;
  yield (
    unknown ??
    `its system pools have ${sum} ${sum === 1 ? "node" : "nodes"}, and ${minimum} outlive the loss of one while another is upgraded. Raise ${system.map(countPlace).join(", ")}.`
  );
}

/** The nodes that a pool has at the least; undefined where they are not counted in one number. */
function nodesOf(pool: NodePool): number | Unknown | undefined {
  const place = pool.at(scaled(pool) ? "minCount" : "count");
  const count = place.text();
  if (count instanceof Unknown) return count;
  if (count !== undefined) return Number(count);
  // ARM makes one node where nothing is said; a pool of single machines has its counts elsewhere.
  return pool.at("machines").read() === undefined ? 1 : undefined;
}

function countPlace(pool: NodePool): string {
  const { path, owner } = pool.at(scaled(pool) ? "minCount" : "count");
  return `${path} of ${owner}`;
}

function scaled(pool: NodePool): boolean {
  return pool.at("autoScaling").flag() === true;
}
