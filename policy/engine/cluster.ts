import type { Read, Unknown } from "./cursor.ts";

/** A cluster that Kubernetes objects are deployed to, with the facts about its mesh that rules need. */
export interface Cluster {
  readonly label: string;
  /** Whether the Istio add-on is enabled. */
  readonly addon: boolean | Unknown;
  /** The add-on's revisions; absent if AKS chooses them. */
  readonly revisions: Read<readonly Read<string>[]>;
  /** Its Kubernetes version, such as `1.35` or `1.35.2`; absent if nothing says it. */
  readonly kubernetesVersion?: Read<string>;
}

/** A Kubernetes cluster of another kind, which no rule judges. */
export const OTHER_CLUSTER: Cluster = {
  label: "another cluster",
  addon: false,
  revisions: undefined,
};
