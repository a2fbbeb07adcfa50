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

/** Names of AKS's own objects in the control plane's namespace: istiod, the objects that belong to it, and its configuration. */
const CONTROL_PLANE_OBJECTS =
  /^(?:(?:istiod|istio|istio-sidecar-injector|values)(?:-asm-\d+-\d+)?|istio-(?:ca-root-cert|ca-secret|leader|.+-(?:leader|election))|cacerts|kube-root-ca\.crt|azure-service-mesh-.+)$/;

export const meshManagedObjectsUntouched = defineRule({
  name: "mesh-managed-objects-untouched",
  displayName: "Objects that AKS manages in the mesh are not changed",
  description:
    "In the add-on's namespaces, a program does not create objects that AKS creates, and patches only the fields that AKS does not revert.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Configure the mesh in the ConfigMap istio-shared-configmap-<revision>. Configure gateways with a ServicePatch (annotations that AKS keeps, and externalTrafficPolicy) and a HorizontalPodAutoscalerPatch (at least two replicas).",
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
  // In most programs, most objects take the name of their namespace from a resource that does not exist yet.
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
      yield `AKS creates the namespace ${object.name ?? ""} with the add-on. Remove it from the program.`;
    }
    return;
  }
  const namespace = object.at("metadata", "namespace").text();
  const name = object.at("metadata", "name").text();
  if (typeof name !== "string") return;
  if (namespace === CONTROL_PLANE_NAMESPACE) yield* checkControlPlaneObject(object, name);
  else if (namespace === INGRESS_NAMESPACE) {
    const kind = INGRESS_GATEWAY_KINDS.find((one) => belongsTo(name, ingressGatewayName(one)));
    if (kind !== undefined) yield* checkGatewayObject(object, name, kind);
  }
}

/** AKS's own objects, and MeshConfig in a ConfigMap that AKS does not read. Other objects, such as dashboards, are allowed. */
function* checkControlPlaneObject(object: KubernetesObject, name: string): Iterable<Finding> {
  const { type } = object.resource;
  if (autoscalers.matches(type) && isPatch(object)) yield* checkReplicas(object);
  else if (CONTROL_PLANE_OBJECTS.test(name)) {
    yield managedByAks(object, name, CONTROL_PLANE_NAMESPACE);
  } else if (!configMaps.matches(type)) return;
  else if (name === "istio-gateway-class-defaults") {
    if (!isPatch(object)) {
      yield `AKS creates the ConfigMap ${name}. Change it with a ConfigMapPatch.`;
    }
  } else if (isMeshConfig(object, name) && !name.startsWith("istio-shared-configmap-")) {
    yield `no control plane reads MeshConfig from ${name}. Set it in istio-shared-configmap-<revision>.`;
  }
}

function isMeshConfig({ at }: KubernetesObject, name: string): boolean {
  return name.startsWith("istio-shared") || at("data", "mesh").read() !== undefined;
}

function* checkGatewayObject(
  object: KubernetesObject,
  name: string,
  kind: IngressGatewayKind,
): Iterable<Finding> {
  const { type } = object.resource;
  if (!isPatch(object)) yield managedByAks(object, name, INGRESS_NAMESPACE);
  else if (services.matches(type)) {
    yield* checkFields(object.at("spec"), ["externalTrafficPolicy"]);
    yield* checkAnnotations(object.at("metadata", "annotations"), kind);
  } else if (autoscalers.matches(type)) yield* checkReplicas(object);
  else if (deployments.matches(type)) {
    yield* checkFields(object.at("spec"), ["template.spec.terminationGracePeriodSeconds"]);
  } else yield managedByAks(object, name, INGRESS_NAMESPACE);
}

function managedByAks({ label }: KubernetesObject, name: string, namespace: string): Finding {
  const kind = label.slice(0, label.indexOf(" "));
  return `AKS manages objects named ${name} in ${namespace} and reverts changes to them. Remove the ${kind} from the program, or give it another name.`;
}

function* checkReplicas({ at }: KubernetesObject): Iterable<Finding> {
  const place = at("spec", "minReplicas");
  const least = place.text();
  if (typeof least === "string" && !(Number(least) >= GATEWAY_REPLICAS.minimum)) {
    yield `${place.path} is ${least}, but AKS requires at least ${GATEWAY_REPLICAS.minimum} because of its disruption budget. Set it to ${GATEWAY_REPLICAS.minimum} or more.`;
  }
}

function* checkAnnotations(place: Cursor, kind: IngressGatewayKind): Iterable<Finding> {
  const names = place.keys();
  if (names === undefined || names instanceof Unknown) return;
  // Pulumi's own annotations configure the patch and do not reach the Service.
  for (const name of names.filter((one) => !one.startsWith("pulumi.com/"))) {
    const value = place.at(name).text();
    if (typeof value !== "string" && isGatewayAnnotation(name)) continue;
    const given = typeof value === "string" ? value : "";
    for (const { message } of annotationProblems({ [name]: given }, kind)) {
      yield `${place.at(name).path}: ${message}${message.endsWith("?") ? "" : "."}`;
    }
  }
}

/** The fields below a place to which AKS reverts changes. */
function* checkFields(place: Cursor, kept: readonly string[], path = ""): Iterable<Finding> {
  const names = place.keys();
  if (names instanceof Unknown) return;
  if (names === undefined) {
    if (place.read() !== undefined) yield reverted(place, kept);
    return;
  }
  for (const name of names) {
    const below = path === "" ? name : `${path}.${name}`;
    if (kept.includes(below)) continue;
    if (kept.some((one) => one.startsWith(`${below}.`))) {
      yield* checkFields(place.at(name), kept, below);
    } else yield reverted(place.at(name), kept);
  }
}

function reverted(place: Cursor, kept: readonly string[]): Finding {
  return `AKS reverts changes to ${place.path}, and keeps only those to spec.${kept.join(" and spec.")}. Remove it from the patch.`;
}

/** Whether a name is that of a managed object, or of the same object for one revision. */
function belongsTo(name: string, managed: string): boolean {
  return name === managed || name.startsWith(`${managed}-`);
}
