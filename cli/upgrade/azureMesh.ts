import type { Answer } from "../../operate/azure/answer.ts";
import { azArguments } from "../../operate/azure/azArguments.ts";
import type { AzureChoice } from "../../operate/azure/azure.ts";
import type { ClusterState } from "../../operate/cluster/clusterState.ts";
import type { NotRead } from "../../operate/notRead.ts";
import type { Snapshot } from "../../operate/snapshot.ts";
import { azure } from "../../operate/upgrade/azure.ts";
import { readAzureMesh } from "../../operate/upgrade/azureMesh.ts";
import type { AzureMesh } from "../../operate/upgrade/azureMesh.ts";
import { azureChoiceOf } from "../operate/azureOptions.ts";
import { clusterInAzure, notInFiles } from "../operate/clusterInAzure.ts";
import { configOf } from "../stackConfig.ts";
import type { ValidStack } from "./validStack.ts";

const CHECKS = [azure.name];

/** How to sign in to the Azure of a stack. */
export function azureChoiceFor({
  project,
  stack,
  assumptions,
}: Pick<ValidStack, "project" | "stack" | "assumptions">): AzureChoice {
  return azureChoiceOf({}, process.env, configOf(project, stack, assumptions));
}

/** What Azure says of the mesh of the cluster whose nodes were read, or why it was not asked. */
export function azureMeshOf(
  state: ClusterState,
  choice: AzureChoice,
  skip: readonly string[],
): Promise<AzureMesh | NotRead> {
  if (skip.includes(azure.name)) {
    return Promise.resolve({ reason: "Azure was not asked.", fix: "Ask it." });
  }
  return clusterInAzure(state, choice, CHECKS, (cluster, connection) =>
    readAzureMesh(connection, cluster),
  );
}

/** The same from the files of `--from`. */
export function savedAzureMesh({
  managedCluster,
  meshUpgrades,
  meshRevisions,
}: Snapshot): AzureMesh | NotRead {
  if (managedCluster === undefined) return notInFiles(CHECKS);
  const answer = <T>(value: T | undefined, command: string): Answer<T> =>
    value === undefined
      ? {
          reason: "The files do not say what Azure offers.",
          fix: `Add the output of ${command} --output json.`,
        }
      : { value };
  return {
    cluster: managedCluster,
    upgrades: answer(meshUpgrades, `az aks mesh get-upgrades ${azArguments(managedCluster)}`),
    offered: answer(
      meshRevisions,
      `az aks mesh get-revisions --location ${managedCluster.location}`,
    ),
  };
}
