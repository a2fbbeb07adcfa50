import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { grouped } from "../../engine/grouping.ts";
import type { Groupings } from "../../engine/grouping.ts";
import { namespaces } from "./objects.ts";
import type { KubernetesObject } from "./objects.ts";
import type { Resource, TargetKind, Target } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** The namespace of an object, as far as the stack shows it. */
export interface ObjectNamespace {
  /** Absent if it is known only once it is deployed and does not come from a namespace of the stack. */
  readonly name: string | undefined;
  /** The namespace and its patches that the stack has registered so far. */
  readonly declared: readonly KubernetesObject[];
}

const namespacesByName: Groupings<KubernetesObject> = new WeakMap();
const objectsByNamespace: Groupings<KubernetesObject> = new WeakMap();

/**
 * Looks up the name that the object or its provider gives among the namespaces of its cluster. A name that is known only
 * once it is deployed comes from a namespace of the stack, which the complete stack shows.
 */
export function namespaceOf(object: KubernetesObject, stack: Stack): ObjectNamespace {
  return namespaceAt(object.at("metadata", "namespace"), object.resource, stack);
}

/** The same for a resource that names its namespace at another place. */
export function namespaceAt(place: Cursor, resource: Resource, stack: Stack): ObjectNamespace {
  const given = nameAt(place, resource);
  const origins = given instanceof Unknown ? originsOf(place, resource, stack) : [];
  const [origin] = origins;
  const name = given instanceof Unknown ? origin?.name : given;
  if (name === undefined) return { name: origin?.resource.name, declared: origins };
  const called = grouped(stack.all(namespaces), namespacesByName, (one) => one.name).get(name);
  const declared = (called ?? []).filter((one) => onOneCluster(one, { resource }, stack));
  return { name, declared };
}

/** The objects of a kind that are certainly in the namespace of an object. */
export function inNamespaceOf<Found extends KubernetesObject>(
  object: KubernetesObject,
  subject: TargetKind<Found>,
  stack: Stack,
): readonly Found[] {
  // The groups of a list contain only members of that list.
  const groupings = objectsByNamespace as Groupings<Found>;
  const groups = grouped(stack.all(subject), groupings, (one) => keyOf(one, stack));
  const key = keyOf(object, stack);
  const fellows = key === undefined ? undefined : groups.get(key);
  return (fellows ?? []).filter((one) => onOneCluster(one, object, stack));
}

/** Whether two objects are certainly in the same namespace. */
export function shareNamespace(a: KubernetesObject, b: KubernetesObject, stack: Stack): boolean {
  const key = keyOf(a, stack);
  return key !== undefined && key === keyOf(b, stack) && onOneCluster(a, b, stack);
}

function nameAt(place: Cursor, resource: Resource): string | Unknown {
  return place.text() ?? resource.provider?.inputs.at("namespace").text() ?? "default";
}

function originsOf(place: Cursor, resource: Resource, stack: Stack): readonly KubernetesObject[] {
  return stack.origins(resource, place.path.replace(/[.[].*/, ""), namespaces);
}

/** A key that the objects of one namespace share: its name or, if only Pulumi will know that, its resource. */
function keyOf(object: KubernetesObject, stack: Stack): string | undefined {
  const place = object.at("metadata", "namespace");
  const given = nameAt(place, object.resource);
  if (!(given instanceof Unknown)) return given;
  const [origin] = originsOf(place, object.resource, stack);
  return origin && (origin.name ?? origin.resource.urn);
}

/** Until the stack is complete, two providers may lead to the same cluster or to two with the same name. */
export function onOneCluster(
  { resource: a }: Pick<Target, "resource">,
  { resource: b }: Pick<Target, "resource">,
  stack: Stack,
): boolean {
  if (a.provider?.urn === b.provider?.urn) return true;
  const [onA, onB] = [stack.clustersOf(a), stack.clustersOf(b)];
  if (!stack.complete && (onA.length > 1 || onB.length > 1)) return false;
  return onA.some((cluster) => onB.includes(cluster));
}
