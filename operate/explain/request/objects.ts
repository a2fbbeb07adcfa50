import { selects } from "../../../mesh/labelSelector.ts";
import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { labelOf, listAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";

/**
 * The namespace whose policies apply to the whole mesh.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
 */
export const ROOT_NAMESPACE = CONTROL_PLANE_NAMESPACE;

/** A field of an object, as users name it: `VirtualService shop/web spec.http[0]`. */
export function placeOf(object: ClusterObject, path: string): string {
  return `${labelOf(object)} ${path}`;
}

export function namespaceOf({ metadata }: ClusterObject): string {
  return metadata.namespace ?? "";
}

/** The texts of a list. */
export function textsAt(object: unknown, ...path: readonly (string | number)[]): readonly string[] {
  return listAt(object, ...path).map(String);
}

/** Oldest first, as istiod orders objects that conflict; then by name and namespace. */
export function oldestFirst(objects: readonly ClusterObject[]): readonly ClusterObject[] {
  const keyOf = ({ metadata: { creationTimestamp = "", name, namespace = "" } }: ClusterObject) =>
    [creationTimestamp, name, namespace].join("\u0000");
  return [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Whether the labels that an object selects at a path are among those of a workload. No selector selects all. */
export function selectsWorkload(
  object: ClusterObject,
  labels: Readonly<Record<string, string>>,
  ...path: readonly string[]
): boolean {
  const matchLabels = (valueAt(object, ...path) ?? {}) as Readonly<Record<string, string>>;
  return selects({ matchLabels }, labels);
}

/**
 * Whether the namespace of a client sees an object, by its `exportTo`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 * @see https://istio.io/latest/docs/reference/config/annotations/#NetworkingExportTo
 */
export function isExportedTo(object: ClusterObject, namespace: string): boolean {
  const annotation = object.metadata.annotations?.["networking.istio.io/exportTo"];
  const written =
    object.kind === "Service"
      ? (annotation?.split(",").map((one) => one.trim()) ?? [])
      : textsAt(object, "spec", "exportTo");
  if (written.length === 0) return true;
  return written.some(
    (one) => one === "*" || one === namespace || (one === "." && namespaceOf(object) === namespace),
  );
}
