import { INGRESS_NAMESPACE } from "../../../../mesh/names.ts";
import { closest } from "../../../../text/suggest.ts";
import { grouped } from "../../../engine/grouping.ts";
import type { Groupings } from "../../../engine/grouping.ts";
import { isPatch } from "../../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { namespaceOf, onOneCluster } from "../../../model/kubernetes/objectNamespace.ts";
import { inDoubt, ownsNamespace, unseenSources } from "../../../model/opaque.ts";
import type { TargetKind } from "../../../engine/resource.ts";
import { NotJudged } from "../../../engine/finding.ts";
import type { Finding } from "../../../engine/finding.ts";
import { services } from "../../../model/kubernetes/services.ts";
import type { Stack } from "../../../engine/stack.ts";
import { isExportedTo } from "./exports.ts";

/** Something by its name, as an object of Istio's refers to it. */
interface Referent {
  /** The object that refers. */
  readonly from: KubernetesObject;
  readonly kind: TargetKind<KubernetesObject>;
  readonly namespace: string;
  readonly name: string;
}

export interface Reference extends Referent {
  /** What it refers to, in a word: `Gateway`. */
  readonly what: string;
  /** Where and how it is written, as the beginning of a sentence: `spec.gateways[0] is shop`. */
  readonly written: string;
  /** Whether it is a name alone, which means the namespace of what refers. */
  readonly bare: boolean;
  /** How the same name is written of a namespace. */
  readonly spelled: (namespace: string) => string;
}

/** What the stack holds by the name. */
export function referred(referent: Referent, stack: Stack): readonly KubernetesObject[] {
  return fellows(referent, stack).filter((one) => one.name === referent.name);
}

/**
 * What is found where the stack holds nothing by the name: it has it in another namespace, or others in this one. That
 * the thing is missing is certain only in a namespace that the stack makes itself and shows all of. Elsewhere a name
 * that is nearly right is worth a word, and so is one that leaves out a namespace.
 */
export function* missing(reference: Reference, stack: Stack): Iterable<Finding> {
  const { what, namespace, name, written, bare } = reference;
  const fellowNames = fellows(reference, stack).map((one) => one.name);
  const names = fellowNames.filter((one) => one !== undefined);
  const elsewhere = namespacesWith(reference, stack);
  if (names.includes(name) || names.length < fellowNames.length) return;
  if (elsewhere.includes(undefined)) return;
  if (elsewhere.length > 0) {
    const message = astray(reference, elsewhere);
    if (isMissing(reference, stack) || isLeftToGateways(reference, stack)) yield message;
    else if (bare) yield new NotJudged(message);
  } else if (names.length > 0) {
    const meant = closest(name, names);
    const fix =
      meant === undefined
        ? `Name one of those that are there: ${[...new Set(names)].sort().join(", ")}.`
        : `Did you mean ${meant}?`;
    const message = `${written}, and the stack has no ${what} ${name} in ${namespace}. ${fix}`;
    if (isMissing(reference, stack)) yield message;
    else if (meant !== undefined) yield new NotJudged(message);
    else yield* perhapsUnseen(reference, stack);
  }
}

/** What is found where only something unseen may make what is referred to. */
function* perhapsUnseen(reference: Reference, stack: Stack): Iterable<Finding> {
  const { from, what, name, namespace, written } = reference;
  if (!ownsNamespace(from, namespace, stack)) return;
  const unseen = unseenSources(from, [namespace], stack);
  if (unseen.length === 0) return;
  yield inDoubt(
    unseen,
    `the ${what} ${name} in ${namespace} (${written})`,
    `Correct the name, or add the ${what} to the program. If something else makes it, except ${from.label} from istio-config-conflicts in exceptions of mesh-scope.`,
  );
}

function astray(
  { what, name, namespace, written, bare, spelled }: Reference,
  elsewhere: readonly (string | undefined)[],
): string {
  const places = elsewhere.map((one) => one ?? "");
  const meaning = bare ? `, which stands for ${spelled(namespace)}` : "";
  return `${written}${meaning}, and the stack has the ${what} ${name} only in ${places.join(" and ")}. Write ${places.map(spelled).join(" or ")}.`;
}

function isMissing({ from, namespace }: Referent, stack: Stack): boolean {
  return (
    ownsNamespace(from, namespace, stack) && unseenSources(from, [namespace], stack).length === 0
  );
}

/** In the namespace of the gateways there are no Services but theirs, though no stack makes it. */
function isLeftToGateways({ from, kind, namespace }: Referent, stack: Stack): boolean {
  return (
    kind === services &&
    namespace === INGRESS_NAMESPACE &&
    unseenSources(from, [namespace], stack).length === 0
  );
}

const byNamespace: Groupings<KubernetesObject> = new WeakMap();
const byName: Groupings<KubernetesObject> = new WeakMap();

function fellows({ from, kind, namespace }: Referent, stack: Stack): readonly KubernetesObject[] {
  const groups = grouped(stack.all(kind), byNamespace, (one) => namespaceOf(one, stack).name);
  return (groups.get(namespace) ?? []).filter((one) => onOneCluster(one, from, stack));
}

/** The namespaces in which the stack makes one that can be seen from here; undefined for one that is not known. */
function namespacesWith(
  { from, kind, name }: Referent,
  stack: Stack,
): readonly (string | undefined)[] {
  const to = namespaceOf(from, stack).name;
  const namesakes = grouped(stack.all(kind), byName, (one) => one.name).get(name) ?? [];
  const visible = namesakes.filter(
    (one) => !isPatch(one) && onOneCluster(one, from, stack) && isExportedTo(to, one, stack),
  );
  return [...new Set(visible.map((one) => namespaceOf(one, stack).name))].sort();
}
