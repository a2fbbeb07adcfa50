import type { Cluster } from "./cluster.ts";
import type { TargetKind, Target } from "./resource.ts";
import type { Stack } from "./stack.ts";

/** A cluster that the program declares. */
export interface DeclaredCluster extends Cluster, Target {
  /** Whether a kubeconfig leads to it, as far as its text tells. */
  isNamedBy(kubeconfig: string): boolean;
}

/** What the engine has to be told about clusters, of which it knows none. */
export interface ClusterModel {
  readonly clusters: TargetKind<DeclaredCluster>;
  /** Whether a resource of the type is a Kubernetes cluster of another kind. */
  isOtherCluster(type: string): boolean;
  /** The object of a provider that shows that the provider leads to a mesh of the add-on, by its label. */
  evidenceOfAddon(stack: Pick<Stack, "all">, providerUrn: string): string | undefined;
}
