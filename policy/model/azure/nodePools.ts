import { enumerated } from "./armEnumeration.ts";
import { azureNative } from "./azureNative.ts";
import type { AksCluster } from "./cluster.ts";
import { partsOf } from "./clusterParts.ts";
import { Unknown, firstSet } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { Resource, TargetKind, Target } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** Paths of the node pool fields that the rules read: azure-native, and the classic azure by version, newest first. */
const FIELDS = {
  mode: { native: "mode", classic: "mode" },
  podSubnet: { native: "podSubnetID", classic: "podSubnetId" },
  count: { native: "count", classic: "nodeCount" },
  minCount: { native: "minCount", classic: "minCount" },
  autoScaling: {
    native: "enableAutoScaling",
    classic: ["autoScalingEnabled", "enableAutoScaling"],
  },
  zones: { native: "availabilityZones", classic: ["zones", "availabilityZones"] },
  version: { native: "orchestratorVersion", classic: "orchestratorVersion" },
  machines: { native: "virtualMachinesProfile", classic: "virtualMachinesProfile" },
} as const;

/** A node pool, inline in its cluster or as a separate resource. */
export interface NodePool extends Target {
  /** System, User or Gateway. */
  readonly mode: string | Unknown;
  at(field: keyof typeof FIELDS): Cursor;
}

const MODES = ["System", "User", "Gateway"];

const NATIVE = azureNative("containerservice", "AgentPool");
const CLASSIC = "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool";

/** Node pools that are separate resources. */
export const nodePools: TargetKind<NodePool> = {
  type: "azure-native:containerservice:AgentPool",
  matches: (type) => type === CLASSIC || NATIVE.test(type),
  in: (resource) => [
    poolAt(resource, resource.inputs, resource.type === CLASSIC ? "classic" : "native", "User"),
  ],
};

/** Node pools that a cluster declares inline. */
export function inlineNodePools(cluster: AksCluster): readonly NodePool[] | Unknown {
  const { resource, provider } = cluster;
  if (provider === "classic") {
    return [poolAt(resource, resource.inputs.at("defaultNodePool"), provider, "System")];
  }
  const pools = resource.inputs.at("agentPoolProfiles").items();
  if (pools instanceof Unknown) return pools;
  return (pools ?? []).map((place) => poolAt(resource, place, provider, "System"));
}

/** The node pools of a cluster as far as the stack shows them: inline ones, and resources that may belong to it. */
export function nodePoolsOf(cluster: AksCluster, stack: Stack): readonly NodePool[] | Unknown {
  const inline = inlineNodePools(cluster);
  if (inline instanceof Unknown) return inline;
  return [...inline, ...partsOf(cluster, nodePools, stack)];
}

function poolAt(
  resource: Resource,
  place: Cursor,
  provider: "native" | "classic",
  otherwise: string,
): NodePool {
  const at: NodePool["at"] = (field) => firstSet(place, FIELDS[field][provider]);
  const mode = enumerated(at("mode"), MODES) ?? otherwise;
  return { resource, label: place.owner, mode, at };
}
