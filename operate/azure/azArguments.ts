import type { ManagedCluster } from "@azure/arm-containerservice";
import { shellWord } from "../../text/shellWord.ts";
import { resourceGroupOf } from "./managedCluster.ts";

/** The options of `az aks` that name a cluster: `--resource-group rg --name orders`. */
export function azArguments(cluster: ManagedCluster): string {
  const { name = "" } = cluster;
  return `--resource-group ${shellWord(resourceGroupOf(cluster))} --name ${shellWord(name)}`;
}
