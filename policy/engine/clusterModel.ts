import type { Cluster } from "./cluster.ts";
import type { Resource, TargetKind, Target } from "./resource.ts";
import type { Stack } from "./stack.ts";

/** A cluster that the program declares. */
export interface DeclaredCluster extends Cluster, Target {
  /** Whether the text of a kubeconfig names this cluster. */
  isNamedBy(kubeconfig: string): boolean;
}

/** The facts about clusters that the engine, which knows no kind of cluster, gets from the pack. */
export interface ClusterModel {
  readonly clusters: TargetKind<DeclaredCluster>;
  /** Whether a resource of the type is a Kubernetes cluster of another kind. */
  isOtherCluster(type: string): boolean;
  /**
   * The clusters that the provider of objects may mean, if it names its cluster itself; undefined for one with a
   * kubeconfig.
   */
  clustersNamedBy(
    provider: Resource,
    stack: Pick<Stack, "all" | "origins">,
  ): readonly Cluster[] | undefined;
  /** The label of an object that proves that its provider leads to a cluster with the add-on. */
  evidenceOfAddon(stack: Pick<Stack, "all">, providerUrn: string): string | undefined;
}
