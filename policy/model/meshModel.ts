import type { Model } from "../engine/model.ts";
import { clusters, isOtherCluster } from "./azure/cluster.ts";
import { fluxClusters } from "./flux/fluxClusters.ts";
import { coverageGaps } from "./coverageGaps.ts";
import { evidenceOfAddon } from "./istio/addonEvidence.ts";

/** What the engine needs to know about AKS clusters and their meshes. */
export const meshModel: Model = {
  ...{ clusters, isOtherCluster, clustersNamedBy: fluxClusters, evidenceOfAddon, coverageGaps },
};
