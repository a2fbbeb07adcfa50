import type { Cluster } from "./cluster.ts";
import type { Resource, TargetKind, Target } from "./resource.ts";
import type { Scope } from "./scope.ts";

/** The other resources of the stack, as a rule sees them. */
export interface Stack {
  /** Whether the pack has seen every resource of the stack. */
  readonly complete: boolean;
  /** The pack's configuration. */
  readonly scope: Scope;
  /** All targets of a kind that have been seen. */
  all<Found extends Target>(subject: TargetKind<Found>): readonly Found[];
  /**
   * The clusters that the resource may be deployed to; its actual cluster is always among them. Empty if the pack does
   * not know the cluster, or if only the whole stack can show it.
   */
  clustersOf(resource: Resource): readonly Cluster[];
  /**
   * The nearest targets of a kind that a property of the resource comes from. Empty if there are none, or if only the
   * whole stack can show them.
   */
  origins<Found extends Target>(
    resource: Resource,
    property: string,
    subject: TargetKind<Found>,
  ): readonly Found[];
  /** Whether the stack contains the children of a component. False until the stack is complete. */
  showsParts(component: Resource): boolean;
  /** Whether a resource depends on another one, directly or indirectly. False until the stack is complete. */
  comesAfter(resource: Resource, other: Resource): boolean;
}
