import type { ManagedCluster } from "@azure/arm-containerservice";
import { textAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import type { NotRead } from "../notRead.ts";
import { isAnswered } from "./answer.ts";
import type { Azure } from "./azure.ts";
import { readManagedClusters } from "./managedCluster.ts";

/** Where the nodes of a cluster are. */
export interface NodePlace {
  readonly subscription: string;
  /** Only one cluster has its nodes in it. */
  readonly resourceGroup: string;
}

/**
 * Where a cluster's nodes are, by the provider IDs that they have on Azure; undefined if none has one.
 *
 * @see https://cloud-provider-azure.sigs.k8s.io/topics/provider-id/
 */
export function nodePlace(nodes: readonly ClusterObject[]): NodePlace | undefined {
  for (const node of nodes) {
    const id = textAt(node, "spec", "providerID") ?? "";
    const [, subscription, resourceGroup] =
      /^azure:\/\/\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i.exec(id) ?? [];
    if (subscription !== undefined && resourceGroup !== undefined) {
      return { subscription, resourceGroup };
    }
  }
  return undefined;
}

/** The cluster of these nodes in ARM, so that nobody needs to say which of ARM's clusters a context is about. */
export async function clusterOfNodes(
  azure: Azure,
  { resourceGroup }: NodePlace,
): Promise<ManagedCluster | NotRead> {
  const answer = await readManagedClusters(azure);
  if (!isAnswered(answer)) return answer;
  const found = answer.value.find(
    ({ nodeResourceGroup }) => nodeResourceGroup?.toLowerCase() === resourceGroup.toLowerCase(),
  );
  return (
    found ?? {
      reason: `No cluster that you may read has its nodes in the resource group ${resourceGroup}.`,
      fix: `Ask for the role Reader on the cluster in the subscription ${azure.subscriptionId}.`,
    }
  );
}
