import { CONTROL_PLANE_NAMESPACE } from "../../../../mesh/names.ts";
import { closest } from "../../../../text/suggest.ts";
import type { Cursor } from "../../../engine/cursor.ts";
import { hostsOverlap, serviceOf, wholeHost } from "../../../model/istio/hosts.ts";
import { serviceEntries } from "../../../model/istio/istioConfig.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../../model/kubernetes/objectNamespace.ts";
import { inDoubt, ownsNamespace, unseenSources } from "../../../model/opaque.ts";
import type { Finding } from "../../../engine/finding.ts";
import { services } from "../../../model/kubernetes/services.ts";
import type { Stack } from "../../../engine/stack.ts";
import { claimantsOf } from "./claims.ts";
import type { Claims } from "./claims.ts";
import { isExportedTo } from "../../../model/istio/exports.ts";
import { checkExists, referred } from "../../../model/istio/references.ts";
import type { Reference } from "../../../model/istio/references.ts";
import { destinationsOf } from "./routes.ts";
import { namedSubsets, rulesOf } from "./subsets.ts";
import { itemsOf, textsOf } from "../../../model/knownParts.ts";

/** Hosts that ServiceEntries add to the mesh; all hosts with a wildcard share one claim. */
const entries: Claims = {
  kind: serviceEntries,
  of: ({ at }) => textsOf(at("spec", "hosts")).map((host) => (host.startsWith("*") ? "*" : host)),
};

/**
 * Reports destinations of a VirtualService whose host, port or subset does not exist.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0101/
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0112/
 */
export function* checkDestinations(
  virtualService: KubernetesObject,
  stack: Stack,
): Iterable<Finding> {
  for (const destination of destinationsOf(virtualService)) {
    yield* checkHost(destination.at("host"), virtualService, stack);
    yield* checkPort(destination, virtualService, stack);
    yield* checkSubset(destination, virtualService, stack);
  }
}

/**
 * Reports the host of a destination or of a DestinationRule if it is not a Service of its cluster.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0174/
 */
export function* checkHost(place: Cursor, from: KubernetesObject, stack: Stack): Iterable<Finding> {
  const reference = referenceAt(place, from, stack);
  if (reference === undefined) return;
  const { host, name, namespace } = reference;
  if (isEntry(host, from, stack)) return;
  if (serviceOf(host) !== undefined) yield* checkExists(reference, stack);
  else if (referred(reference, stack).length > 0) {
    yield `${place.path} is ${host}, which Istio treats as a host outside the cluster, because it expands only names without a dot. Use ${name}.${namespace}.svc.cluster.local.`;
  }
}

function* checkPort(destination: Cursor, from: KubernetesObject, stack: Stack): Iterable<Finding> {
  const ports = portsOf(destination.at("host"), from, stack);
  if (ports === undefined) return;
  const place = destination.at("port", "number");
  const port = place.text();
  const offered = `${destination.at("host").path} is ${ports.host}, which has the port${ports.numbers.length === 1 ? "" : "s"} ${ports.numbers.join(" and ")}`;
  if (port === undefined && destination.at("port").read() === undefined) {
    if (ports.numbers.length < 2) return;
    yield `${place.path} is not set, but ${offered}. Set it to ${ports.numbers.join(" or ")}.`;
  } else if (typeof port === "string" && !ports.numbers.includes(port)) {
    yield `${place.path} is ${port}, but ${offered}. Set it to ${ports.numbers.join(" or ")}.`;
  }
}

function* checkSubset(
  destination: Cursor,
  from: KubernetesObject,
  stack: Stack,
): Iterable<Finding> {
  const place = destination.at("subset");
  const subset = place.text();
  const reference = referenceAt(destination.at("host"), from, stack);
  if (typeof subset !== "string" || subset === "" || reference === undefined) return;
  const rules = rulesOf(reference.host, from, stack);
  const named = rules.map(namedSubsets);
  if (named.includes(undefined) || named.some((names) => names?.includes(subset))) return;
  if (rules.length === 0) {
    if (referred(reference, stack).length === 0) return;
    if (!ownsNamespace(from, reference.namespace, stack)) return;
    // Istio looks for a rule in the namespaces of the client and the service, and in the root namespace.
    const places = [namespaceOf(from, stack).name, reference.namespace, CONTROL_PLANE_NAMESPACE];
    const unseen = unseenSources(
      from,
      places.filter((one) => one !== undefined),
      stack,
    );
    if (unseen.length > 0) {
      yield inDoubt(
        unseen,
        `a DestinationRule with the subset ${subset} of ${reference.host}, which ${place.path} names`,
        `Add one to the program. If something else creates it, exempt ${from.label} from istio-config-conflicts in exceptions of mesh-scope.`,
      );
      return;
    }
    yield `${place.path} is ${subset}, but no DestinationRule in the stack defines subsets of ${reference.host}. Add one that defines it.`;
    return;
  }
  const meant = closest(
    subset,
    named.flatMap((names) => names ?? []),
  );
  const fix = meant === undefined ? "Add it there." : `Did you mean ${meant}?`;
  yield `${place.path} is ${subset}, which ${rules.map(({ label }) => label).join(" and ")} does not define. ${fix}`;
}

/** The ports of a host; undefined unless the stack contains every object that defines it, with known ports. */
function portsOf(
  place: Cursor,
  from: KubernetesObject,
  stack: Stack,
): { readonly host: string; readonly numbers: readonly string[] } | undefined {
  const reference = referenceAt(place, from, stack);
  if (reference === undefined) return undefined;
  const { host } = reference;
  const ports = [
    ...(serviceOf(host) === undefined ? [] : referred(reference, stack)).flatMap(({ at }) =>
      itemsOf(at("spec", "ports")).map((port) => port.at("port").text()),
    ),
    ...claimantsOf(host, entries, from, stack).flatMap(({ at }) =>
      itemsOf(at("spec", "ports")).map((port) => port.at("number").text()),
    ),
  ];
  const numbers = ports.filter((port) => typeof port === "string");
  if (numbers.length === 0 || numbers.length < ports.length) return undefined;
  return { host, numbers: [...new Set(numbers)] };
}

/** The Service that a host means: `reviews.shop` is a common mistake for `reviews.shop.svc.cluster.local`. */
function referenceAt(
  place: Cursor,
  from: KubernetesObject,
  stack: Stack,
): (Reference & { readonly host: string }) | undefined {
  const written = place.text();
  if (typeof written !== "string") return undefined;
  const host = wholeHost(written, namespaceOf(from, stack).name);
  if (host === undefined) return undefined;
  const [name = "", namespace = ""] = host.replace(/\.svc$/, "").split(".");
  return {
    from,
    what: "Service",
    kind: services,
    written: `${place.path} is ${written}`,
    host,
    name,
    namespace,
    bare: written === name,
    spelled: (where) => `${name}.${where}.svc.cluster.local`,
    rule: "istio-config-conflicts",
  };
}

function isEntry(host: string, from: KubernetesObject, stack: Stack): boolean {
  const namespace = namespaceOf(from, stack).name;
  return [host, "*"]
    .flatMap((claim) => claimantsOf(claim, entries, from, stack))
    .filter((entry) => isExportedTo(namespace, entry, stack))
    .some(({ at }) => textsOf(at("spec", "hosts")).some((one) => hostsOverlap(one, host)));
}
