import type { Model } from "../engine/policies.ts";
import { clusters, isOtherCluster } from "./azure/cluster.ts";
import { coverageGaps } from "./coverageGaps.ts";
import { evidenceOfAddon } from "./istio/addonEvidence.ts";

/** What the pack knows about AKS clusters and their meshes, as its engine asks for it. */
export const meshModel: Model = { clusters, isOtherCluster, evidenceOfAddon, coverageGaps };
