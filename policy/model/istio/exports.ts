import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { namespaceOf } from "../kubernetes/objectNamespace.ts";
import { services } from "../kubernetes/services.ts";
import type { Stack } from "../../engine/stack.ts";

/**
 * The namespaces that see an Istio object: `*` for all, which is also the default; undefined if they are unknown.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 * @see https://istio.io/latest/docs/reference/config/annotations/#NetworkingExportTo
 */
function exportedTo(object: KubernetesObject, stack: Stack): ReadonlySet<string> | undefined {
  const list = listed(object);
  if (list instanceof Unknown) return undefined;
  if (list === undefined || list.length === 0) return new Set("*");
  const names = list.map((name) => (name === "." ? namespaceOf(object, stack).name : name));
  return names.every((name) => typeof name === "string") ? new Set(names) : undefined;
}

/** A Service has no such field, but an annotation that lists the namespaces, separated by commas. */
function listed({ at, resource }: KubernetesObject): Read<readonly Read<string>[]> {
  if (!services.matches(resource.type)) {
    const list = at("spec", "exportTo").items();
    return list === undefined || list instanceof Unknown ? list : list.map((item) => item.text());
  }
  const written = at("metadata", "annotations", "networking.istio.io/exportTo").text();
  return typeof written === "string" ? written.split(",").map((name) => name.trim()) : written;
}

/** Whether a namespace sees an object. True if that is unknown. */
export function isExportedTo(
  namespace: string | undefined,
  object: KubernetesObject,
  stack: Stack,
): boolean {
  const to = exportedTo(object, stack);
  return to === undefined || namespace === undefined || to.has("*") || to.has(namespace);
}

/** Whether some namespace sees both objects. False if that is unknown. */
export function seenTogether(a: KubernetesObject, b: KubernetesObject, stack: Stack): boolean {
  const [toA, toB] = [exportedTo(a, stack), exportedTo(b, stack)];
  if (toA === undefined || toB === undefined) return false;
  if (toA.has("*") || toB.has("*")) return toA.size > 0 && toB.size > 0;
  return [...toA].some((namespace) => toB.has(namespace));
}
