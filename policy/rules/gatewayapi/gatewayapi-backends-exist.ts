import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { checkExists, referred } from "../../model/istio/references.ts";
import type { Reference } from "../../model/istio/references.ts";
import { routes } from "../../model/kubernetes/gatewayApi.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";
import { services } from "../../model/kubernetes/services.ts";
import { itemsOf } from "../../model/knownParts.ts";
import { checkGranted } from "./grants.ts";

const NAME = "gatewayapi-backends-exist";

export const gatewayapiBackendsExist = defineRule({
  name: NAME,
  displayName: "Backends of routes exist and may be used",
  description:
    "The Services and ports that a route leads to exist, and a ReferenceGrant allows those of other namespaces. Istio answers requests to any other backend with the status 500.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "In backendRefs, set name and port to those of a Service, and namespace if it is in another one. In the namespace of that Service, create a ReferenceGrant with the kind and the namespace of the route in spec.from, and the kind Service in spec.to.",
  url: "https://gateway-api.sigs.k8s.io/api-types/referencegrant/",
  tags: ["gatewayapi", "Istio:IST0101"],
  about: routes,
  unknown: "unjudged",
  wholeStack: true,
  *check(route, { stack }) {
    if (!stack.complete) return;
    yield* onAddonClusters(route, stack, () => checkBackends(route, stack));
  },
});

function* checkBackends(route: KubernetesObject, stack: Stack): Iterable<Finding> {
  const rules = route.at("spec", "rules").items();
  if (rules instanceof Unknown) yield rules;
  if (rules === undefined || rules instanceof Unknown) return;
  for (const rule of rules) {
    const backends = rule.at("backendRefs").items();
    if (backends instanceof Unknown) yield backends;
    for (const backend of [
      ...(backends instanceof Unknown ? [] : (backends ?? [])),
      ...mirrorsOf(rule),
    ]) {
      yield* checkBackend(backend, route, stack);
    }
  }
}

/** The backends that filters of a rule send copies of the requests to. */
function mirrorsOf(rule: Cursor): readonly Cursor[] {
  return itemsOf(rule.at("filters"))
    .map((filter) => filter.at("requestMirror", "backendRef"))
    .filter((backend) => backend.read() !== undefined);
}

function* checkBackend(backend: Cursor, route: KubernetesObject, stack: Stack): Iterable<Finding> {
  // istiod leaves out a backend without weight.
  if (backend.at("weight").text() === "0") return;
  const reference = referenceAt(backend, route, stack);
  if (reference instanceof Unknown) yield reference;
  if (reference === undefined || reference instanceof Unknown) return;
  const { name, namespace, written } = reference;
  if (name.includes(".")) {
    yield `${written}, but a backend is the name of a Service, not its host. Set it to ${name.split(".")[0] ?? ""}${backend.at("namespace").read() === undefined ? ", and set namespace if the Service is in another one" : ""}.`;
    return;
  }
  yield* checkExists(reference, stack);
  yield* checkPort(backend, reference, stack);
  const home = namespaceOf(route, stack).name;
  if (home === undefined || home === namespace || isForMesh(route)) return;
  yield* checkGranted({ ...reference, home, kind: "Service" }, stack);
}

/** A backend that is a Service; undefined for others. */
function referenceAt(
  backend: Cursor,
  route: KubernetesObject,
  stack: Stack,
): Reference | Unknown | undefined {
  const group = backend.at("group").text() ?? "";
  const kind = backend.at("kind").text() ?? "Service";
  const [place, name] = [backend.at("name"), backend.at("name").text()];
  const given = backend.at("namespace").text();
  const unknown = [group, kind, name, given].find((text) => text instanceof Unknown);
  if (unknown !== undefined) return unknown;
  const namespace = given ?? namespaceOf(route, stack).name;
  if (group !== "" || kind !== "Service") return undefined;
  if (typeof name !== "string" || typeof namespace !== "string") return undefined;
  return {
    from: route,
    what: "Service",
    kind: services,
    namespace,
    name,
    written: `${place.path} is ${name}`,
    bare: given === undefined,
    spelled: (where) => `namespace: ${where}`,
    rule: NAME,
    strict: true,
  };
}

function* checkPort(backend: Cursor, reference: Reference, stack: Stack): Iterable<Finding> {
  const place = backend.at("port");
  const port = place.text();
  if (port instanceof Unknown) yield port;
  else if (port === undefined) {
    yield `${place.path} is not set, but a Service requires it. Set it to a port of the Service ${reference.name}.`;
  } else {
    const [service] = referred(reference, stack);
    const ports = itemsOf(service?.at("spec", "ports") ?? place).map((one) =>
      one.at("port").text(),
    );
    const known = ports.filter((one) => typeof one === "string");
    if (known.length === 0 || known.length < ports.length || known.includes(port)) return;
    yield `${place.path} is ${port}, but the Service ${reference.name} has only the port${known.length === 1 ? "" : "s"} ${known.join(" and ")}. Set it to ${known.join(" or ")}.`;
  }
}

/** Whether all parents of a route are Services, whose routes may lead to any namespace. */
function isForMesh(route: KubernetesObject): boolean {
  const kinds = itemsOf(route.at("spec", "parentRefs")).map((parent) => parent.at("kind").text());
  return kinds.length > 0 && kinds.every((kind) => kind === "Service");
}
