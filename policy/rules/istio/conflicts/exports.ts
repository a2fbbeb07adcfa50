import { Unknown } from "../../../lib/cursor.ts";
import type { KubernetesObject } from "../../../lib/kubernetes.ts";
import { namespaceOf } from "../../../lib/objectNamespace.ts";
import type { Stack } from "../../../lib/stack.ts";

/**
 * The namespaces that see an object of Istio's: `*` for all, which is also what it means to say nothing; undefined
 * where that is not known.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 */
function exportedTo(object: KubernetesObject, stack: Stack): ReadonlySet<string> | undefined {
  const list = object.at("spec", "exportTo").items();
  if (list instanceof Unknown) return undefined;
  if (list === undefined || list.length === 0) return new Set("*");
  const names = list.map((item) => {
    const name = item.text();
    return name === "." ? namespaceOf(object, stack).name : name;
  });
  return names.every((name) => typeof name === "string") ? new Set(names) : undefined;
}

/** Whether some namespace sees both objects; as far as that is known. */
export function seenTogether(a: KubernetesObject, b: KubernetesObject, stack: Stack): boolean {
  const [toA, toB] = [exportedTo(a, stack), exportedTo(b, stack)];
  if (toA === undefined || toB === undefined) return false;
  if (toA.has("*") || toB.has("*")) return toA.size > 0 && toB.size > 0;
  return [...toA].some((namespace) => toB.has(namespace));
}
