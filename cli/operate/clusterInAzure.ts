import type { ManagedCluster } from "@azure/arm-containerservice";
import { AccessError } from "../../operate/accessError.ts";
import { connect } from "../../operate/azure/azure.ts";
import type { Azure, AzureChoice } from "../../operate/azure/azure.ts";
import { clusterOfNodes, nodePlace } from "../../operate/azure/clusterOfNodes.ts";
import type { ClusterState } from "../../operate/cluster/clusterState.ts";
import type { NotRead } from "../../operate/notRead.ts";

/**
 * Asks Azure about the cluster whose nodes were read.
 *
 * @param checks the checks that need the answer, as `--skip` leaves them out
 * @returns the answer, or why Azure was not asked
 */
export async function clusterInAzure<T>(
  state: ClusterState,
  choice: AzureChoice,
  checks: readonly string[],
  question: (cluster: ManagedCluster, azure: Azure) => Promise<T>,
): Promise<T | NotRead> {
  const leaveOut = `leave out what Azure says: ${skipping(checks)}.`;
  const unread = state.notRead("Node");
  if (unread !== undefined) return unread;
  const place = nodePlace(state.all("Node"));
  if (place === undefined) {
    return {
      reason: "The nodes are not virtual machines of Azure, so Azure does not know the cluster.",
      fix: `Choose an AKS cluster, or ${leaveOut}`,
    };
  }
  try {
    const azure = await connect({ ...choice, subscription: place.subscription });
    const cluster = await clusterOfNodes(azure, place);
    return "reason" in cluster ? cluster : await question(cluster, azure);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    return { reason: error.message, fix: `Or ${leaveOut}` };
  }
}

/** What is said if the files of `--from` lack the cluster. */
export function notInFiles(checks: readonly string[]): NotRead {
  return {
    reason: "The files contain no cluster of az aks show.",
    fix: `Add the output of az aks show --resource-group GROUP --name CLUSTER --output json, or leave out what Azure says: ${skipping(checks)}.`,
  };
}

function skipping(checks: readonly string[]): string {
  return `--skip ${checks.join(" ")}`;
}
