import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { checkExists, referred } from "../../model/istio/references.ts";
import type { Reference } from "../../model/istio/references.ts";
import { GATEWAY_API, isMeshGateway, routes } from "../../model/kubernetes/gatewayApi.ts";
import { gateways, isPatch } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";
import { services } from "../../model/kubernetes/services.ts";
import { checkAttachment } from "./attachment.ts";

const NAME = "gatewayapi-routes-attach";

export const gatewayapiRoutesAttach = defineRule({
  name: NAME,
  displayName: "Routes attach to a listener",
  description:
    "The parents of a route exist, and a listener of each accepts the route: its name and port, the kind and the namespace of the route, and one of its hosts. Otherwise, no request reaches the route, and only its status says so.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "In spec.parentRefs, refer to a Gateway and a listener that exist. On the listener, allow the namespace and the kind of the route in allowedRoutes, and set a hostname that contains one of the route's hostnames.",
  url: "https://gateway-api.sigs.k8s.io/concepts/api-overview/#attaching-routes-to-gateways",
  tags: ["gatewayapi", "Istio:IST0101"],
  about: routes,
  unknown: "unjudged",
  wholeStack: true,
  *check(route, { stack }) {
    if (!stack.complete) return;
    yield* onAddonClusters(route, stack, () => checkParents(route, stack));
  },
});

function* checkParents(route: KubernetesObject, stack: Stack): Iterable<Finding> {
  const list = route.at("spec", "parentRefs");
  const parents = list.items();
  if (parents instanceof Unknown) yield parents;
  else if (parents === undefined || parents.length === 0) {
    if (isPatch(route)) return;
    yield `${list.path} is not set, so no Gateway serves the route. Name a Gateway.`;
  } else for (const parent of parents) yield* checkParent(parent, route, stack);
}

function* checkParent(parent: Cursor, route: KubernetesObject, stack: Stack): Iterable<Finding> {
  const reference = referenceAt(parent, route, stack);
  if (reference instanceof Unknown) yield reference;
  if (reference === undefined || reference instanceof Unknown) return;
  const found = referred(reference, stack);
  if (found.length === 0) yield* checkExists(reference, stack);
  for (const gateway of found) {
    if (gateways.matches(gateway.resource.type) && isMeshGateway(gateway) && !isPatch(gateway)) {
      yield* checkAttachment(parent, route, gateway, stack);
    }
  }
}

/** A parent that is a Gateway, or a Service for traffic inside the mesh; undefined for others. */
function referenceAt(
  parent: Cursor,
  route: KubernetesObject,
  stack: Stack,
): Reference | Unknown | undefined {
  const group = parent.at("group").text() ?? GATEWAY_API;
  const what = parent.at("kind").text() ?? "Gateway";
  const [place, name] = [parent.at("name"), parent.at("name").text()];
  const given = parent.at("namespace").text();
  if (group instanceof Unknown) return group;
  if (what instanceof Unknown) return what;
  if (name instanceof Unknown) return name;
  if (given instanceof Unknown) return given;
  const kind =
    group === GATEWAY_API && what === "Gateway"
      ? gateways
      : group === "" && what === "Service"
        ? services
        : undefined;
  const namespace = given ?? namespaceOf(route, stack).name;
  if (kind === undefined || name === undefined || namespace === undefined) return undefined;
  return {
    from: route,
    what,
    kind,
    namespace,
    name,
    written: `${place.path} is ${name}`,
    bare: given === undefined,
    spelled: (where) => `namespace: ${where}`,
    rule: NAME,
    strict: true,
  };
}
