import type { Cluster } from "../engine/cluster.ts";
import type { Resource, TargetKind, Target } from "./resource.ts";
import type { Scope } from "./scope.ts";

/** What a rule may ask about the resources around the one that it judges. */
export interface Stack {
  /** Whether every resource of the stack has been seen. */
  readonly complete: boolean;
  /** What the configuration says about clusters of other stacks. */
  readonly scope: Scope;
  /** Everything of a kind that has been seen. */
  all<Found extends Target>(subject: TargetKind<Found>): readonly Found[];
  /**
   * The clusters of which the resource lands on one, its own surely among them. None where it lands on a cluster that
   * the pack knows nothing about, or where that can only be told with the whole stack.
   */
  clustersOf(resource: Resource): readonly Cluster[];
  /**
   * The nearest things of a kind that a property of the resource comes from. None where it comes from no such thing,
   * or where that can only be told with the whole stack.
   */
  origins<Found extends Target>(
    resource: Resource,
    property: string,
    subject: TargetKind<Found>,
  ): readonly Found[];
  /** Whether the stack shows what a component is made of. Told only with the whole stack. */
  showsParts(component: Resource): boolean;
  /** Whether a resource waits for another one, by itself or through others. Told only with the whole stack. */
  comesAfter(resource: Resource, other: Resource): boolean;
}
