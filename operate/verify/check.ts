import type { KindName } from "../cluster/kinds.ts";
import type { Observation } from "../observation.ts";
import type { ObservedMesh } from "./observedMesh.ts";

/** One check of `verify`. */
export interface Check {
  /** In kebab case; stable, since reports and `--skip` use it. */
  readonly name: string;
  /** The kinds of objects without which it cannot judge anything. */
  readonly kinds: readonly KindName[];
  /** The kinds without which it judges less, and says so. */
  readonly also?: readonly KindName[];
  /** Called only if `kinds` were read. */
  readonly judge: (mesh: ObservedMesh) => readonly Observation[];
}
