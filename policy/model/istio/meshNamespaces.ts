import { LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import { namespaces } from "../kubernetes/objects.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { onOneCluster } from "../kubernetes/objectNamespace.ts";
import type { Stack } from "../../engine/stack.ts";
import { outcomeOfLabel } from "./revisionLabel.ts";
import { isSystemNamespace } from "../kubernetes/systemNamespaces.ts";

/** The name of a namespace or, if Pulumi chooses it, the name of its resource, as `namespaceOf` also returns it. */
export function nameOf({ name, resource }: KubernetesObject): string {
  return name ?? resource.name;
}

/**
 * Whether the labels of a namespace, or of a patch of one, bring its pods into the mesh. A revision that none of its
 * clusters runs injects no sidecars, so those pods are not judged as part of the mesh.
 */
export function joinsMesh(namespace: KubernetesObject, stack: Stack): boolean {
  const labels = namespace.at("metadata", "labels").keys();
  if (labels === undefined || labels instanceof Unknown) return false;
  if (isSystemNamespace(nameOf(namespace))) return false;
  if (!labels.includes(REVISION_LABEL) || labels.includes(LEGACY_INJECTION_LABEL)) return false;
  const wanted = namespace.at("metadata", "labels", REVISION_LABEL).text();
  const clusters = stack.clustersOf(namespace.resource);
  if (wanted === undefined || clusters.length === 0) return wanted !== undefined;
  return clusters.some((cluster) => outcomeOfLabel(wanted, cluster, stack) !== "refused");
}

/** The namespaces of the mesh on the cluster of an object, from the stack and from the configuration. */
export function meshNamespaces(object: KubernetesObject, stack: Stack): readonly string[] {
  const here = stack
    .all(namespaces)
    .filter((one) => joinsMesh(one, stack) && onOneCluster(one, object, stack))
    .map(nameOf);
  return [...new Set([...here, ...Object.keys(stack.scope.namespaces)])];
}
