import { CONTROL_PLANE_NAMESPACE, INGRESS_NAMESPACE } from "../../../mesh/names.ts";
import { OWN_ISTIO_NAMESPACE } from "../../../mesh/ownIstio.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { istioObjects } from "../../model/istio/istioConfig.ts";
import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { sharedConfigMaps } from "../../model/istio/sharedConfigMaps.ts";
import type { Stack } from "../../engine/stack.ts";

/** A reference to the namespace or to an object in it: a name, a principal, a host or a Gateway. */
const IN_ISTIO_NAMESPACE =
  /^istio-system$|^istio-system\/|\/ns\/istio-system\/|^[^./]+\.istio-system(?:\.|$)/;

const ingresses = kubernetesObjects("networking.k8s.io/*", "Ingress");

export const istioAddonNames = defineRule({
  name: "istio-addon-names",
  displayName: "Istio objects use the add-on's names",
  description:
    "On a cluster with the add-on, Istio objects are not in istio-system and do not refer to it. The add-on's root namespace is aks-istio-system, and its ingress gateways run in aks-istio-ingress.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Put objects that apply to the whole mesh into aks-istio-system. Refer to the ingress gateways in aks-istio-ingress, and to an egress gateway in its own namespace. Before you use an Ingress of class istio, set ingressSelector and ingressService in the shared ConfigMap.",
  url: "https://learn.microsoft.com/azure/aks/istio-about",
  tags: ["istio"],
  about: anyOf(istioObjects, ingresses),
  unknown: "nothing",
  wholeStack: true,
  *check(object, { stack }) {
    yield* onAddonClusters(object, stack, () =>
      ingresses.matches(object.resource.type)
        ? checkIngress(object, stack)
        : checkNames(object, stack),
    );
  },
});

function* checkNames(object: KubernetesObject, stack: Stack): Iterable<Finding> {
  if (namespaceOf(object, stack).name === OWN_ISTIO_NAMESPACE) {
    yield `${object.at("metadata", "namespace").path} is ${OWN_ISTIO_NAMESPACE}, which is not the add-on's root namespace, so the object has no effect on the mesh. Set it to ${CONTROL_PLANE_NAMESPACE}, or to ${INGRESS_NAMESPACE} for a Gateway and its routes.`;
  }
  for (const place of textsBelow(object.at("spec"))) {
    const text = place.text();
    if (typeof text !== "string" || !IN_ISTIO_NAMESPACE.test(text)) continue;
    yield `${place.path} is ${text}, but the add-on has nothing in ${OWN_ISTIO_NAMESPACE}: its control plane is in ${CONTROL_PLANE_NAMESPACE}, and its ingress gateways are in ${INGRESS_NAMESPACE}. Refer to one of those namespaces.`;
  }
}

/** Checks that ingressSelector names a gateway for an Ingress. The default, istio-ingressgateway, does not exist in the add-on. */
function* checkIngress({ at, resource }: KubernetesObject, stack: Stack): Iterable<Finding> {
  const places = [
    at("spec", "ingressClassName"),
    at("metadata", "annotations", "kubernetes.io/ingress.class"),
  ];
  const place = places.find((one) => one.text() === "istio");
  if (place === undefined || !stack.complete) return;
  const maps = stack.all(sharedConfigMaps);
  const onCluster = maps.filter((one) =>
    stack.clustersOf(one.resource).some((cluster) => stack.clustersOf(resource).includes(cluster)),
  );
  // If the stack has no shared ConfigMap, something else may configure the mesh.
  if (onCluster.length === 0 || onCluster.some(mayHaveSelector)) return;
  yield `${place.path} is istio, but no shared ConfigMap sets ingressSelector, so Istio uses the gateway istio-ingressgateway, which the add-on does not have. Set ingressSelector and ingressService there, or use a Gateway.`;
}

function mayHaveSelector({ at }: KubernetesObject): boolean {
  const mesh = at("data", "mesh").text();
  return mesh instanceof Unknown || /^\s*ingressSelector\s*:/m.test(mesh ?? "");
}

/** Every string below a place, in lists and maps. */
function textsBelow(place: Cursor): readonly Cursor[] {
  const items = place.items();
  if (Array.isArray(items)) return items.flatMap(textsBelow);
  const keys = place.keys();
  if (Array.isArray(keys)) return keys.flatMap((key) => textsBelow(place.at(String(key))));
  return [place];
}
