import { closest } from "../../../../mesh/suggest.ts";
import { fluxConfigurations, fluxKustomizations } from "../../../lib/flux.ts";
import { grouped } from "../../../lib/grouping.ts";
import type { Groupings } from "../../../lib/grouping.ts";
import { kubernetesObjects } from "../../../lib/kubernetes.ts";
import type { KubernetesObject } from "../../../lib/kubernetes.ts";
import { namespaceOf, onOneCluster } from "../../../lib/objectNamespace.ts";
import type { Subject, Thing } from "../../../lib/resource.ts";
import { Advice } from "../../../lib/rule.ts";
import type { Finding } from "../../../lib/rule.ts";
import type { Stack } from "../../../lib/stack.ts";

/** Something that an object of Istio's refers to by its name. */
export interface Reference {
  /** The object that refers. */
  readonly from: KubernetesObject;
  /** What it refers to, in a word: `Gateway`. */
  readonly what: string;
  readonly kind: Subject<KubernetesObject>;
  readonly namespace: string;
  readonly name: string;
  /** Where and how it is written, as the beginning of a sentence: `spec.gateways[0] is shop`. */
  readonly written: string;
}

/** What the stack holds by the name. */
export function referred(reference: Reference, stack: Stack): readonly KubernetesObject[] {
  return fellows(reference, stack).filter((one) => one.name === reference.name);
}

/**
 * What is found where the stack holds nothing by the name. The stack need not be all that there is: that the thing is
 * missing is certain only where the stack makes such things in that namespace itself, and nothing whose contents it
 * does not show, such as a Helm release or a Git repository that Flux follows. Elsewhere a name that is nearly right
 * is worth a word.
 */
export function* missing(reference: Reference, stack: Stack): Iterable<Finding> {
  const { what, namespace, name, written } = reference;
  const fellowNames = fellows(reference, stack).map((one) => one.name);
  const names = fellowNames.filter((one) => one !== undefined);
  if (names.length === 0 || names.length < fellowNames.length || names.includes(name)) return;
  const meant = closest(name, names);
  const fix =
    meant === undefined
      ? `Name one of those that are there: ${[...new Set(names)].sort().join(", ")}.`
      : `Did you mean ${meant}?`;
  const message = `${written}, and the stack has no ${what} ${name} in ${namespace}. ${fix}`;
  if (!hasMoreThanItShows(stack)) yield message;
  else if (meant !== undefined) yield new Advice(message);
}

const releases: Subject<Thing> = {
  type: "kubernetes:helm.sh/v3:Release",
  matches: (type) => type === "kubernetes:helm.sh/v3:Release",
  in: (resource) => [{ resource, label: resource.inputs.owner }],
};

/** What makes objects that the stack does not show. */
const OPAQUE: readonly Subject<Thing>[] = [
  releases,
  kubernetesObjects("helm.toolkit.fluxcd.io/*", "HelmRelease"),
  fluxKustomizations,
  fluxConfigurations,
];

/** Whether something in the stack makes objects that it does not show. */
export function hasMoreThanItShows(stack: Stack): boolean {
  return OPAQUE.some((subject) => stack.all(subject).length > 0);
}

const byNamespace: Groupings<KubernetesObject> = new WeakMap();

function fellows({ from, kind, namespace }: Reference, stack: Stack): readonly KubernetesObject[] {
  const groups = grouped(stack.all(kind), byNamespace, (one) => namespaceOf(one, stack).name);
  return (groups.get(namespace) ?? []).filter((one) => onOneCluster(one, from, stack));
}
