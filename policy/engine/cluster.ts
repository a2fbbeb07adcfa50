import type { Read, Unknown } from "./cursor.ts";

/** A cluster that Kubernetes objects can land on, as far as its mesh matters to them. */
export interface Cluster {
  readonly label: string;
  /** Whether the Istio add-on is on. */
  readonly addon: boolean | Unknown;
  /** The add-on's revisions; absent where they are left to AKS. */
  readonly revisions: Read<readonly Read<string>[]>;
}

/** A Kubernetes cluster of another kind, about which no rule has anything to say. */
export const OTHER_CLUSTER: Cluster = {
  label: "another cluster",
  addon: false,
  revisions: undefined,
};
