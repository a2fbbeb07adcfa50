import { isPatch } from "../../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { onOneCluster } from "../../../model/kubernetes/objectNamespace.ts";
import type { TargetKind } from "../../../engine/resource.ts";
import type { Stack } from "../../../engine/stack.ts";

/** Values that each object of a kind claims for itself alone, such as a host. */
export interface Claims {
  readonly kind: TargetKind<KubernetesObject>;
  /** The known claims of an object. */
  readonly of: (object: KubernetesObject, stack: Stack) => readonly string[];
}

export interface Rival {
  readonly claim: string;
  readonly by: KubernetesObject;
}

/** The claimants of each claim, by the objects of a stack, which are read once rather than once per object. */
const indices = new WeakMap<Claims, WeakMap<readonly KubernetesObject[], Index>>();

type Index = ReadonlyMap<string, readonly KubernetesObject[]>;

/**
 * The objects on an object's cluster that make the same claim and have an earlier URN. Of two objects that conflict,
 * only one is reported, and always the same one, independent of the order of the stack.
 */
export function rivalsOf(object: KubernetesObject, claims: Claims, stack: Stack): readonly Rival[] {
  return [...new Set(claims.of(object, stack))].flatMap((claim) => {
    const claimants = claimantsOf(claim, claims, object, stack);
    const own = claimants.findIndex((one) => isSame(one, object));
    return claimants.slice(0, Math.max(own, 0)).map((by) => ({ claim, by }));
  });
}

/** All objects on an object's cluster that make a claim, in the order of their URNs. */
export function claimantsOf(
  claim: string,
  claims: Claims,
  object: KubernetesObject,
  stack: Stack,
): readonly KubernetesObject[] {
  const claimants = indexOf(claims, stack).get(claim) ?? [];
  return claimants.filter((one) => onOneCluster(one, object, stack));
}

function indexOf(claims: Claims, stack: Stack): Index {
  const all = stack.all(claims.kind);
  const ofClaims = indices.get(claims) ?? new WeakMap<readonly KubernetesObject[], Index>();
  indices.set(claims, ofClaims);
  const known = ofClaims.get(all);
  if (known !== undefined) return known;
  const index = new Map<string, KubernetesObject[]>();
  for (const object of all.filter((one) => !isPatch(one)).sort(byUrn)) {
    for (const claim of new Set(claims.of(object, stack))) {
      const claimants = index.get(claim);
      if (claimants === undefined) index.set(claim, [object]);
      else claimants.push(object);
    }
  }
  ofClaims.set(all, index);
  return index;
}

function byUrn(a: KubernetesObject, b: KubernetesObject): number {
  const [ofA, ofB] = [a, b].map(({ resource, label }) => `${resource.urn} ${label}`);
  return (ofA ?? "") < (ofB ?? "") ? -1 : 1;
}

/** Each call of `stack.all` may return new objects for the same resource. */
function isSame(a: KubernetesObject, b: KubernetesObject): boolean {
  return a.resource.urn === b.resource.urn && a.label === b.label;
}
