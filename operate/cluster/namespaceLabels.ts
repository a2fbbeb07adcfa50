import type { ClusterObject } from "./clusterObject.ts";

/**
 * The labels of a namespace, with the one that the API server gives every namespace: a manifest does not have it.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
 */
export function namespaceLabels({
  metadata: { name, labels },
}: ClusterObject): Readonly<Record<string, string>> {
  return { ...labels, "kubernetes.io/metadata.name": name };
}
