import type { ManagedCluster } from "@azure/arm-containerservice";
import type { ClusterState } from "../cluster/clusterState.ts";
import type { NotRead } from "../notRead.ts";
import type { WantedMesh } from "./wantedMesh.ts";

/** Everything that the checks judge. */
export interface ObservedMesh {
  readonly state: ClusterState;
  /** What ARM says of the cluster. */
  readonly cluster: ManagedCluster | NotRead;
  /** Undefined if no stack is named: then the checks compare what runs with what ARM lists. */
  readonly wanted: WantedMesh | undefined;
  readonly now: Date;
  /** Certificates that end in fewer days are reported. */
  readonly certificateDays: number;
}

/** What ARM says of the cluster; undefined if it was not read. */
export function armCluster({ cluster }: ObservedMesh): ManagedCluster | undefined {
  return "reason" in cluster ? undefined : cluster;
}
