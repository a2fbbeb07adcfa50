import type { ManagedCluster } from "@azure/arm-containerservice";
import type { Answer } from "../azure/answer.ts";
import type { Azure } from "../azure/azure.ts";
import type { VmSize } from "../azure/compute.ts";
import type { ResourceProvider } from "../azure/resourceProviders.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import type { Observation } from "../observation.ts";
import type { Wanted } from "./wanted.ts";

/** What checks ask, and what several of them need to know. */
export interface Context {
  readonly azure: Azure;
  readonly wanted: Wanted;
  /** The cluster, if one of its name exists already. */
  readonly cluster: Answer<ManagedCluster | undefined>;
  /** The objects in the cluster; undefined if they were not read. */
  readonly state: ClusterState | undefined;
  /** By their namespaces. */
  readonly providers: ReadonlyMap<string, Answer<ResourceProvider | undefined>>;
  readonly vmSizes: Answer<ReadonlyMap<string, VmSize>>;
}

/** One check of `preflight`. */
export interface Check {
  /** In kebab case; stable, since reports and `--skip` use it. */
  readonly name: string;
  readonly run: (context: Context) => Promise<readonly Observation[]> | readonly Observation[];
}
