import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";
import { GATEWAY_API, typeOf } from "../../model/kubernetes/gatewayApi.ts";
import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { namespaceOf, onOneCluster } from "../../model/kubernetes/objectNamespace.ts";
import { inDoubt, ownsNamespace, unseenSources } from "../../model/opaque.ts";

const referenceGrants = kubernetesObjects(`${GATEWAY_API}/*`, "ReferenceGrant");

/** A reference to an object of the core group in another namespace, which requires a ReferenceGrant there. */
export interface Crossing {
  /** The Gateway or route that refers, and its namespace. */
  readonly from: KubernetesObject;
  readonly home: string;
  /** The object that it refers to. */
  readonly kind: "Secret" | "Service";
  readonly namespace: string;
  readonly name: string;
  /** The place and the value of the reference, as the beginning of a sentence. */
  readonly written: string;
  /** The rule that checks the reference. */
  readonly rule: string;
}

/**
 * Reports a reference that no ReferenceGrant allows. The grant is certainly missing only if the stack creates the
 * namespace and shows all of its objects.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
export function* checkGranted(crossing: Crossing, stack: Stack): Iterable<Finding> {
  const { from, home, kind, namespace, name, written, rule } = crossing;
  const all = stack.all(referenceGrants).filter((grant) => onOneCluster(grant, from, stack));
  const places = all.map((grant) => namespaceOf(grant, stack).name);
  const there = all.filter((_, index) => places[index] === namespace);
  const answers = there.map((grant) => allows(grant, crossing));
  // A grant whose namespace is known only later may be in the right one.
  if (answers.includes(true) || places.includes(undefined)) return;
  const unknown = answers.find((answer) => answer instanceof Unknown);
  if (unknown !== undefined) {
    yield unknown;
    return;
  }
  const unseen = unseenSources(from, [namespace], stack);
  const fix = fixFor(crossing, there, all, stack);
  if (unseen.length > 0) {
    yield inDoubt(
      unseen,
      `a ReferenceGrant in ${namespace} that allows ${typeOf(from).kind}s of ${home} to refer to the ${kind} ${name} (${written})`,
      `${fix} If something else creates it, exempt ${from.label} from ${rule} in exceptions of mesh-scope.`,
    );
    return;
  }
  const message = `${written} in ${namespace}, but no ReferenceGrant in ${namespace} allows ${typeOf(from).kind}s of ${home} to refer to it, so istiod rejects the reference. ${fix}`;
  yield ownsNamespace(from, namespace, stack) ? message : new NotJudged(message);
}

/** What to change: the grant that almost fits, or one to create. */
function fixFor(
  crossing: Crossing,
  there: readonly KubernetesObject[],
  all: readonly KubernetesObject[],
  stack: Stack,
): string {
  const { from, home, kind, namespace } = crossing;
  const source = `group: ${GATEWAY_API}, kind: ${typeOf(from).kind}, namespace: ${home}`;
  const target = `group: "", kind: ${kind}`;
  const misplaced = all.find((grant) => allows(grant, crossing) === true);
  if (misplaced !== undefined) {
    return `${misplaced.label} is in ${namespaceOf(misplaced, stack).name ?? ""}. Move it to ${namespace}.`;
  }
  const toIt = there.find((grant) => matches(grant.at("spec", "to"), isTarget(crossing)) === true);
  if (toIt !== undefined) return `Add ${source} to spec.from of ${toIt.label}.`;
  const fromIt = there.find(
    (grant) => matches(grant.at("spec", "from"), isSource(crossing)) === true,
  );
  if (fromIt !== undefined) return `Add ${target} to spec.to of ${fromIt.label}.`;
  return `Create one with ${source} in spec.from, and ${target} in spec.to.`;
}

/** Whether a grant allows a reference, in whichever namespace it is. */
function allows(grant: KubernetesObject, crossing: Crossing): boolean | Unknown {
  const source = matches(grant.at("spec", "from"), isSource(crossing));
  const target = matches(grant.at("spec", "to"), isTarget(crossing));
  if (source === false || target === false) return false;
  return source instanceof Unknown ? source : target;
}

type Entry = (entry: Cursor) => boolean | Unknown;

function isSource({ from, home }: Crossing): Entry {
  return (entry) =>
    every(
      is(entry.at("group"), GATEWAY_API),
      is(entry.at("kind"), typeOf(from).kind),
      is(entry.at("namespace"), home),
    );
}

function isTarget({ kind, name }: Crossing): Entry {
  return (entry) =>
    every(
      entry.at("group").read() === undefined || is(entry.at("group"), ""),
      is(entry.at("kind"), kind),
      entry.at("name").read() === undefined || is(entry.at("name"), name),
    );
}

function matches(list: Cursor, fits: Entry): boolean | Unknown {
  const items = list.items();
  if (items === undefined || items instanceof Unknown) return items ?? false;
  const answers = items.map(fits);
  return answers.includes(true) || (answers.find((one) => one instanceof Unknown) ?? false);
}

function every(...answers: readonly (boolean | Unknown)[]): boolean | Unknown {
  if (answers.includes(false)) return false;
  return answers.find((answer) => answer instanceof Unknown) ?? true;
}

function is(place: Cursor, value: string): boolean | Unknown {
  const text = place.text();
  return text instanceof Unknown ? text : text === value;
}
