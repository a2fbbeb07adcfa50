import type { AksCluster } from "./cluster.ts";
import { Unknown } from "./cursor.ts";
import type { Cursor, Read } from "./cursor.ts";
import type { Resource, Subject, Thing } from "./resource.ts";
import type { Stack } from "./stack.ts";

/** Where the providers keep what the rules ask of a node pool: azure-native, and the classic azure. */
const FIELDS = {
  mode: { native: "mode", classic: "mode" },
  podSubnet: { native: "podSubnetID", classic: "podSubnetId" },
} as const;

/** A node pool, in its cluster or as a resource of its own. */
export interface NodePool extends Thing {
  at(field: keyof typeof FIELDS): Cursor;
}

const NATIVE =
  /^azure-native(?:_containerservice_v\d{8}(?:preview)?)?:containerservice(?:\/v\d{8}(?:preview)?)?:AgentPool$/;
const CLASSIC = "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool";

/** Node pools that are resources of their own. */
export const nodePools: Subject<NodePool> = {
  type: "azure-native:containerservice:AgentPool",
  matches: (type) => type === CLASSIC || NATIVE.test(type),
  in: (resource) => [
    poolAt(resource, resource.inputs, resource.type === CLASSIC ? "classic" : "native"),
  ],
};

/** Node pools that a cluster holds itself. */
export function inlineNodePools(cluster: AksCluster): readonly NodePool[] | Unknown {
  const { resource, provider } = cluster;
  if (provider === "classic") {
    return [poolAt(resource, resource.inputs.at("defaultNodePool"), provider)];
  }
  const pools = resource.inputs.at("agentPoolProfiles").items();
  if (pools instanceof Unknown) return pools;
  return (pools ?? []).map((place) => poolAt(resource, place, provider));
}

/**
 * The node pools of a cluster as far as the stack shows them: those that it holds, and the resources that are its own
 * or may be, because the name of their cluster is not known before that is made.
 */
export function nodePoolsOf(cluster: AksCluster, stack: Stack): readonly NodePool[] | Unknown {
  const inline = inlineNodePools(cluster);
  if (inline instanceof Unknown) return inline;
  const name = cluster.resource.inputs.at("resourceName").text();
  return [
    ...inline,
    ...stack.all(nodePools).filter(({ resource }) => {
      const of = clusterNameOf(resource);
      return typeof of !== "string" || typeof name !== "string" || of === name;
    }),
  ];
}

/** The name of the cluster that a pool of azure-native joins; the classic provider has an id instead. */
function clusterNameOf({ inputs }: Resource): Read<string> {
  return inputs.at("resourceName").text();
}

function poolAt(resource: Resource, place: Cursor, provider: "native" | "classic"): NodePool {
  return { resource, label: place.owner, at: (field) => place.at(FIELDS[field][provider]) };
}
