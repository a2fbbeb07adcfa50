import { INGRESS_NAMESPACE } from "../../../mesh/names.ts";
import { closest } from "../../../text/suggest.ts";
import { grouped } from "../../engine/grouping.ts";
import type { Groupings } from "../../engine/grouping.ts";
import { isPatch } from "../kubernetes/objects.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { namespaceOf, onOneCluster } from "../kubernetes/objectNamespace.ts";
import { inDoubt, ownsNamespace, unseenSources } from "../opaque.ts";
import type { TargetKind } from "../../engine/resource.ts";
import { NotJudged } from "../../engine/finding.ts";
import type { Finding } from "../../engine/finding.ts";
import { services } from "../kubernetes/services.ts";
import type { Stack } from "../../engine/stack.ts";
import { isExportedTo } from "./exports.ts";

/** An object that another one refers to by name. */
interface Referent {
  /** The object that refers. */
  readonly from: KubernetesObject;
  readonly kind: TargetKind<KubernetesObject>;
  readonly namespace: string;
  readonly name: string;
}

export interface Reference extends Referent {
  /** The kind as messages name it: `Gateway`. */
  readonly what: string;
  /** The place and the value of the reference, as the beginning of a sentence: `spec.gateways[0] is shop`. */
  readonly written: string;
  /** Whether it is a name without a namespace, which means the namespace of the object that refers. */
  readonly bare: boolean;
  /** The spelling of the same name in a namespace. */
  readonly spelled: (namespace: string) => string;
  /** The rule that checks the reference. */
  readonly rule: string;
  /**
   * Whether to question it even if the stack shows no object of the kind in the namespace. Otherwise, something else is
   * assumed to create them all.
   */
  readonly strict?: true;
}

/** The objects of the stack that a reference means. */
export function referred(referent: Referent, stack: Stack): readonly KubernetesObject[] {
  return fellows(referent, stack).filter((one) => one.name === referent.name);
}

/**
 * Reports a reference to an object that the stack does not contain, although it contains one of that name in another
 * namespace, or others in this namespace. The object is certainly missing only if the stack creates the namespace
 * itself and shows all of its objects. Otherwise, the rule only points out a likely typo or a missing namespace.
 */
export function* checkExists(reference: Reference, stack: Stack): Iterable<Finding> {
  const { what, namespace, name, written, bare } = reference;
  const fellowNames = fellows(reference, stack).map((one) => one.name);
  const names = fellowNames.filter((one) => one !== undefined);
  const elsewhere = namespacesWith(reference, stack);
  if (names.includes(name) || names.length < fellowNames.length) return;
  if (elsewhere.includes(undefined)) return;
  if (elsewhere.length > 0) {
    const message = wrongNamespaceMessage(reference, elsewhere);
    if (isMissing(reference, stack) || isLeftToGateways(reference, stack)) yield message;
    else if (bare) yield new NotJudged(message);
  } else if (names.length > 0) {
    const meant = closest(name, names);
    const fix =
      meant === undefined
        ? `Name an existing one: ${[...new Set(names)].sort().join(", ")}.`
        : `Did you mean ${meant}?`;
    const message = `${written}, but the stack has no ${what} ${name} in ${namespace}. ${fix}`;
    if (isMissing(reference, stack)) yield message;
    else if (meant !== undefined) yield new NotJudged(message);
    else yield* checkUnseen(reference, stack);
  } else if (reference.strict === true && isMissing(reference, stack)) {
    yield new NotJudged(
      `${written}, but the stack has no ${what} in ${namespace}. ${fixFor(reference)}`,
    );
  } else if (reference.strict === true) yield* checkUnseen(reference, stack);
}

function fixFor({ from, what, rule }: Reference): string {
  return `Correct the name, or add the ${what} to the program. If something else creates it, exempt ${from.label} from ${rule} in exceptions of mesh-scope.`;
}

/** Reports a reference to an object that only an unseen source may create. */
function* checkUnseen(reference: Reference, stack: Stack): Iterable<Finding> {
  const { from, what, name, namespace, written } = reference;
  if (!ownsNamespace(from, namespace, stack)) return;
  const unseen = unseenSources(from, [namespace], stack);
  if (unseen.length === 0) return;
  yield inDoubt(unseen, `the ${what} ${name} in ${namespace} (${written})`, fixFor(reference));
}

function wrongNamespaceMessage(
  { what, name, namespace, written, bare, spelled }: Reference,
  elsewhere: readonly (string | undefined)[],
): string {
  const places = elsewhere.map((one) => one ?? "");
  const meaning = bare ? `, which means ${spelled(namespace)}` : "";
  return `${written}${meaning}, but the stack has the ${what} ${name} only in ${places.join(" and ")}. Use ${places.map(spelled).join(" or ")}.`;
}

function isMissing({ from, namespace }: Referent, stack: Stack): boolean {
  return (
    ownsNamespace(from, namespace, stack) && unseenSources(from, [namespace], stack).length === 0
  );
}

/** The gateways' namespace contains only the gateways' own Services, although no stack creates it. */
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

/** The namespaces in which the stack creates an object of that name that is visible from here; undefined if unknown. */
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
