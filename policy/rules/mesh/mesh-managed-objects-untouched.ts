import { annotationProblems, isGatewayAnnotation } from "../../../mesh/gatewayAnnotations.ts";
import {
  GATEWAY_REPLICAS,
  INGRESS_GATEWAY_KINDS,
  ingressGatewayName,
} from "../../../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../../../mesh/ingressGateways.ts";
import { CONTROL_PLANE_NAMESPACE, INGRESS_NAMESPACE } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import {
  isPatch,
  kubernetesObjects,
  namespaces,
  workloads,
} from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

const configMaps = kubernetesObjects("core/v1", "ConfigMap");
const services = kubernetesObjects("core/v1", "Service");
const autoscalers = kubernetesObjects("autoscaling/*", "HorizontalPodAutoscaler");
const deployments = kubernetesObjects("apps/v1", "Deployment");

/** What AKS calls its own in the control plane's namespace: istiod with all that belongs to it, and its configuration. */
const CONTROL_PLANE_OBJECTS =
  /^(?:(?:istiod|istio|istio-sidecar-injector|values)(?:-asm-\d+-\d+)?|istio-(?:ca-root-cert|ca-secret|leader|.+-(?:leader|election))|cacerts|kube-root-ca\.crt|azure-service-mesh-.+)$/;

export const meshManagedObjectsUntouched = defineRule({
  name: "mesh-managed-objects-untouched",
  displayName: "Objects that AKS manages in the mesh are not changed",
  description:
    "A program creates no object in the add-on's namespaces that AKS creates itself, and patches such objects only where AKS keeps the change.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Configure the mesh in the ConfigMap istio-shared-configmap-<revision>, gateways by ServicePatch (the annotations that AKS keeps, and externalTrafficPolicy) and HorizontalPodAutoscalerPatch (at least two replicas).",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-ingress#ingress-gateway-service-customizations",
  tags: ["mesh"],
  about: anyOf<KubernetesObject>(
    namespaces,
    configMaps,
    services,
    autoscalers,
    kubernetesObjects("core/v1", "Secret"),
    kubernetesObjects("policy/*", "PodDisruptionBudget"),
    workloads,
  ),
  // Most objects of most programs take the name of their namespace from one that is yet to be made.
  unknown: "nothing",
  wholeStack: true,
  *check(object, { stack }) {
    yield* onAddonClusters(object, stack, () => judged(object));
  },
});

function* judged(object: KubernetesObject): Iterable<Finding> {
  const { type } = object.resource;
  if (namespaces.matches(type)) {
    if (
      !isPatch(object) &&
      [CONTROL_PLANE_NAMESPACE, INGRESS_NAMESPACE].includes(object.name ?? "")
    ) {
      yield `AKS makes the namespace ${object.name ?? ""} with the add-on. Remove it from the program.`;
    }
    return;
  }
  const namespace = object.at("metadata", "namespace").text();
  const name = object.at("metadata", "name").text();
  if (typeof name !== "string") return;
  if (namespace === CONTROL_PLANE_NAMESPACE) yield* inControlPlane(object, name);
  else if (namespace === INGRESS_NAMESPACE) {
    const kind = INGRESS_GATEWAY_KINDS.find((one) => belongsTo(name, ingressGatewayName(one)));
    if (kind !== undefined) yield* ofGateway(object, name, kind);
  }
}

/** AKS' own objects here, and what is meant as configuration that it takes. Others' may be beside them, such as dashboards. */
function* inControlPlane(object: KubernetesObject, name: string): Iterable<Finding> {
  const { type } = object.resource;
  if (autoscalers.matches(type) && isPatch(object)) yield* replicas(object);
  else if (CONTROL_PLANE_OBJECTS.test(name)) yield notYours(object, name, CONTROL_PLANE_NAMESPACE);
  else if (!configMaps.matches(type)) return;
  else if (name === "istio-gateway-class-defaults") {
    if (!isPatch(object)) yield `AKS makes the ConfigMap ${name}. Change it with a ConfigMapPatch.`;
  } else if (isMeshConfig(object, name) && !name.startsWith("istio-shared-configmap-")) {
    yield `no control plane reads MeshConfig from ${name}. Set it in istio-shared-configmap-<revision>.`;
  }
}

function isMeshConfig({ at }: KubernetesObject, name: string): boolean {
  return name.startsWith("istio-shared") || at("data", "mesh").read() !== undefined;
}

function* ofGateway(
  object: KubernetesObject,
  name: string,
  kind: IngressGatewayKind,
): Iterable<Finding> {
  const { type } = object.resource;
  if (!isPatch(object)) yield notYours(object, name, INGRESS_NAMESPACE);
  else if (services.matches(type)) {
    yield* strays(object.at("spec"), ["externalTrafficPolicy"]);
    yield* annotations(object.at("metadata", "annotations"), kind);
  } else if (autoscalers.matches(type)) yield* replicas(object);
  else if (deployments.matches(type)) {
    yield* strays(object.at("spec"), ["template.spec.terminationGracePeriodSeconds"]);
  } else yield notYours(object, name, INGRESS_NAMESPACE);
}

function notYours({ label }: KubernetesObject, name: string, namespace: string): Finding {
  const kind = label.slice(0, label.indexOf(" "));
  return `AKS has objects called ${name} in ${namespace}, and sets back what others make of them. Remove the ${kind} from the program, or give it another name.`;
}

function* replicas({ at }: KubernetesObject): Iterable<Finding> {
  const place = at("spec", "minReplicas");
  const least = place.text();
  if (typeof least === "string" && !(Number(least) >= GATEWAY_REPLICAS.minimum)) {
    yield `${place.path} is ${least}, and AKS takes no fewer than ${GATEWAY_REPLICAS.minimum}, because of its disruption budget. Set it to ${GATEWAY_REPLICAS.minimum} or more.`;
  }
}

function* annotations(place: Cursor, kind: IngressGatewayKind): Iterable<Finding> {
  const names = place.keys();
  if (names === undefined || names instanceof Unknown) return;
  // Pulumi's own say how a patch is to be made, and are none of the Service's.
  for (const name of names.filter((one) => !one.startsWith("pulumi.com/"))) {
    const value = place.at(name).text();
    if (typeof value !== "string" && isGatewayAnnotation(name)) continue;
    const given = typeof value === "string" ? value : "";
    for (const { message } of annotationProblems({ [name]: given }, kind)) {
      yield `${place.at(name).path}: ${message}${message.endsWith("?") ? "" : "."}`;
    }
  }
}

/** The fields below a place that AKS does not leave changed. */
function* strays(place: Cursor, kept: readonly string[], path = ""): Iterable<Finding> {
  const names = place.keys();
  if (names instanceof Unknown) return;
  if (names === undefined) {
    if (place.read() !== undefined) yield stray(place, kept);
    return;
  }
  for (const name of names) {
    const below = path === "" ? name : `${path}.${name}`;
    if (kept.includes(below)) continue;
    if (kept.some((one) => one.startsWith(`${below}.`))) yield* strays(place.at(name), kept, below);
    else yield stray(place.at(name), kept);
  }
}

function stray(place: Cursor, kept: readonly string[]): Finding {
  return `AKS sets ${place.path} back, and leaves only spec.${kept.join(" and spec.")} changed. Remove it from the patch.`;
}

/** The object that AKS calls so, or one of its revisions. */
function belongsTo(name: string, managed: string): boolean {
  return name === managed || name.startsWith(`${managed}-`);
}
