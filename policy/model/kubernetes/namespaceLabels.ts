import { Cursor, Unknown } from "../../engine/cursor.ts";
import type { KubernetesObject } from "./objects.ts";
import { namespaceOf } from "./objectNamespace.ts";
import { selects } from "./labelSelectors.ts";
import type { Stack } from "../../engine/stack.ts";

/** The label with its name that Kubernetes gives every namespace. */
const NAME = "kubernetes.io/metadata.name";

/**
 * Whether a label selector selects the namespace of an object; undefined if the stack does not show the labels that
 * decide.
 */
export function selectsNamespaceOf(
  object: KubernetesObject,
  selector: Cursor,
  stack: Stack,
): boolean | Unknown | undefined {
  const { name, declared } = namespaceOf(object, stack);
  if (name === undefined) return undefined;
  const labels = new Cursor(object.label, { ...labelsOf(declared), [NAME]: name });
  const answer = selects(selector, labels);
  const open = declared.length === 0 && answer === false && !isAbout(selector, NAME);
  return open ? undefined : answer;
}

/** The labels of a namespace and its patches, some of which may be unknown. */
function labelsOf(declared: readonly KubernetesObject[]): Readonly<Record<string, unknown>> {
  const pairs = declared.flatMap(({ at }) => {
    const names = at("metadata", "labels").keys();
    if (names === undefined || names instanceof Unknown) return [];
    return names.map((one) => [one, at("metadata", "labels", one).read()] as const);
  });
  return Object.fromEntries(pairs);
}

/** Whether a selector reads no label but one. */
function isAbout(selector: Cursor, label: string): boolean {
  const names = selector.at("matchLabels").keys();
  const expressions = selector.at("matchExpressions").items();
  if (names instanceof Unknown || expressions instanceof Unknown) return false;
  const read = [...(names ?? []), ...(expressions ?? []).map((one) => one.at("key").text())];
  return read.every((one) => one === label);
}
