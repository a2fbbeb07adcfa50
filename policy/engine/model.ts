import type { ClusterModel } from "./clusterModel.ts";
import type { CompleteStack } from "./completeStack.ts";
import type { Gap } from "./unjudged.ts";

/** The domain of a pack: its clusters, and the parts of a stack that its rules do not see. */
export interface Model extends ClusterModel {
  readonly coverageGaps: (stack: CompleteStack) => readonly Gap[];
}
