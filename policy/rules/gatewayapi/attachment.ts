import { closest } from "../../../text/suggest.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";
import { hostsOverlap } from "../../model/istio/hosts.ts";
import { typeOf } from "../../model/kubernetes/gatewayApi.ts";
import { textsOf } from "../../model/knownParts.ts";
import { acceptsKind, listenerLabel } from "../../model/kubernetes/listeners.ts";
import { selectsNamespaceOf } from "../../model/kubernetes/namespaceLabels.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";

/** A condition for the attachment of a route to a listener. */
interface Condition {
  /** Whether a listener meets it; undefined if the stack does not show it. */
  readonly fits: (listener: Cursor) => boolean | Unknown | undefined;
  /** The finding if none of the listeners does, all of which meet the conditions before. */
  readonly otherwise: (listeners: readonly Cursor[]) => string;
}

/**
 * Reports a route that no listener of a Gateway accepts, by the first condition that none meets. The order is that of
 * istiod.
 *
 * @see https://github.com/istio/istio/blob/release-1.30/pilot/pkg/config/kube/gateway/conversion.go for `referenceAllowed`
 */
export function* checkAttachment(
  parent: Cursor,
  route: KubernetesObject,
  gateway: KubernetesObject,
  stack: Stack,
): Iterable<Finding> {
  const listeners = gateway.at("spec", "listeners").items();
  if (listeners instanceof Unknown) yield listeners;
  if (listeners === undefined || listeners instanceof Unknown || listeners.length === 0) return;
  const all = conditions(parent, route, gateway, stack);
  let left: readonly Cursor[] = listeners;
  for (const { fits, otherwise } of all) {
    const fitting = left.filter((listener) => fits(listener) !== false);
    if (fitting.length === 0) {
      yield otherwise(left);
      return;
    }
    left = fitting;
  }
  const doubts = left.map((listener) =>
    all.map(({ fits }) => fits(listener)).find((answer) => answer instanceof Unknown),
  );
  if (!doubts.includes(undefined)) yield* doubts.filter((doubt) => doubt !== undefined).slice(0, 1);
}

function conditions(
  parent: Cursor,
  route: KubernetesObject,
  gateway: KubernetesObject,
  stack: Stack,
): readonly Condition[] {
  const { kind } = typeOf(route);
  const own = namespaceOf(route, stack).name;
  const hostnames = route.at("spec", "hostnames");
  const named = parent.at("name");
  const accepted = `${named.path} is ${known(named)}, but `;
  return [
    isAt(parent.at("sectionName"), "name", gateway),
    isAt(parent.at("port"), "port", gateway),
    {
      fits: (listener) => acceptsKind(listener, kind),
      otherwise: (listeners) =>
        `${accepted}${listed(listeners, gateway)} ${listeners.length === 1 ? "does" : "do"} not accept ${kind}s. Refer to a listener that does, or change its protocol or allowedRoutes.kinds.`,
    },
    {
      fits: (listener) => allowsNamespace(listener, route, gateway, stack),
      otherwise: (listeners) =>
        `${accepted}${listed(listeners, gateway)} ${listeners.length === 1 ? "accepts" : "accept"} no routes from ${own ?? "its namespace"}. Allow the namespace in allowedRoutes.namespaces of the listener.`,
    },
    {
      fits: (listener) => sharesHost(hostnames, listener.at("hostname")),
      otherwise: (listeners) =>
        `${hostnames.path} is ${textsOf(hostnames).join(", ")}, but ${listed(listeners, gateway)} ${listeners.length === 1 ? "serves" : "serve"} only ${listeners.map((one) => known(one.at("hostname"))).join(" and ")}. Add a host that a listener serves, or change the hostname of the listener.`,
    },
  ];
}

/** The condition that a field of the reference names the listener. */
function isAt(place: Cursor, field: "name" | "port", gateway: KubernetesObject): Condition {
  const wanted = place.text();
  return {
    fits: (listener) => {
      const value = listener.at(field).text();
      if (wanted === undefined || wanted instanceof Unknown || value instanceof Unknown) {
        return undefined;
      }
      return value === wanted;
    },
    otherwise: (listeners) => {
      const values = listeners.map((listener) => known(listener.at(field)));
      const meant = field === "name" ? closest(known(place), values) : undefined;
      const fix =
        meant === undefined
          ? `Use an existing one: ${[...new Set(values)].join(", ")}.`
          : `Did you mean ${meant}?`;
      return `${place.path} is ${known(place)}, but ${gateway.label} has no listener ${field === "name" ? "of this name" : "on this port"}. ${fix}`;
    },
  };
}

function allowsNamespace(
  listener: Cursor,
  route: KubernetesObject,
  gateway: KubernetesObject,
  stack: Stack,
): boolean | Unknown | undefined {
  const allowed = listener.at("allowedRoutes", "namespaces");
  const from = allowed.at("from").text() ?? "Same";
  if (from instanceof Unknown) return from;
  if (from === "Selector") return selectsNamespaceOf(route, allowed.at("selector"), stack);
  if (from !== "Same") return from === "All";
  const [here, there] = [namespaceOf(route, stack).name, namespaceOf(gateway, stack).name];
  return here === undefined || there === undefined ? undefined : here === there;
}

function sharesHost(hostnames: Cursor, listener: Cursor): boolean | Unknown {
  const host = listener.text();
  if (host instanceof Unknown) return host;
  const places = hostnames.items();
  if (places instanceof Unknown) return places;
  if (host === undefined || host === "" || places === undefined || places.length === 0) return true;
  const unknown = places.map((place) => place.text()).find((text) => text instanceof Unknown);
  return textsOf(hostnames).some((one) => hostsOverlap(host, one)) || (unknown ?? false);
}

/** The listeners of a Gateway that a message is about. */
function listed(listeners: readonly Cursor[], gateway: KubernetesObject): string {
  return `${listeners.map(listenerLabel).join(" and ")} of ${gateway.label}`;
}

function known(place: Cursor): string {
  const text = place.text();
  return typeof text === "string" ? text : "";
}
