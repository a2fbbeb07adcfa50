import type { Unread } from "./manifest.ts";
import type { Unit } from "./variants.ts";

/** What sources contain. */
export interface Tree {
  readonly units: readonly Unit[];
  readonly unread: readonly Unread[];
  /** The number of files that contain no Kubernetes objects. */
  readonly passedOver: number;
  /** The values of variables that come from Secrets, which may be in any object. */
  readonly secrets: readonly string[];
}

export function merged(trees: readonly Tree[]): Tree {
  return {
    units: trees.flatMap(({ units }) => units),
    unread: trees.flatMap(({ unread }) => unread),
    secrets: trees.flatMap(({ secrets }) => secrets),
    passedOver: trees.reduce((sum, { passedOver }) => sum + passedOver, 0),
  };
}
