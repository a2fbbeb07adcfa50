import {
  gatewayOptionProblems,
  keepsClientAddress,
  probeAnnotationsLeft,
} from "../../../mesh/gatewayOptions.ts";
import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { checkExists, referred } from "../../model/istio/references.ts";
import { MESH_CLASS, isMeshGateway } from "../../model/kubernetes/gatewayApi.ts";
import { gateways, kubernetesObjects } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import {
  inNamespaceOf,
  namespaceOf,
  onOneCluster,
} from "../../model/kubernetes/objectNamespace.ts";
import { readYaml } from "../../model/kubernetes/yamlText.ts";

const NAME = "gatewayapi-options-allowed";

const configMaps = kubernetesObjects("core/v1", "ConfigMap");

/** The ConfigMap with the defaults of the class, and the label that makes it one. */
const DEFAULTS = "istio-gateway-class-defaults";
const DEFAULTS_LABEL = "gateway.istio.io/defaults-for-class";

/** The key with the settings of a gateway's Service. */
const SERVICE = "service";

export const gatewayapiOptionsAllowed = defineRule({
  name: NAME,
  displayName: "Options of Gateways are allowed",
  description:
    "A ConfigMap that customizes gateways, for one Gateway or for the class istio, sets only fields that AKS allows, at least two replicas, and no probes that do not fit the Service. AKS rejects other fields, and a wrong probe takes every node out of the load balancer.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the fields and keys that AKS does not allow. Set minReplicas to 2 or more. With externalTrafficPolicy: Local, set the annotations service.beta.kubernetes.io/port_80_health-probe_port, -protocol and -request-path to null. Change the defaults of the class with a ConfigMapPatch of istio-gateway-class-defaults.",
  url: "https://learn.microsoft.com/azure/aks/istio-gateway-api#configmap-customizations",
  tags: ["gatewayapi"],
  about: anyOf(configMaps, gateways),
  unknown: "unjudged",
  wholeStack: true,
  *check(object, { stack }) {
    // Gateways may be registered after their ConfigMaps.
    if (!stack.complete) return;
    yield* onAddonClusters(object, stack, () =>
      configMaps.matches(object.resource.type)
        ? checkConfigMap(object, stack)
        : checkReference(object, stack),
    );
  },
});

function* checkReference(gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  const reference = gateway.at("spec", "infrastructure", "parametersRef");
  if (!isMeshGateway(gateway) || reference.read() === undefined) return;
  const [group, kind] = [reference.at("group").text() ?? "", reference.at("kind").text()];
  if (group instanceof Unknown) yield group;
  if (kind instanceof Unknown) yield kind;
  if (typeof group !== "string" || typeof kind !== "string") return;
  if (group !== "" || kind !== "ConfigMap") {
    yield `${reference.path} refers to a ${kind}${group === "" ? "" : ` of ${group}`}, but istiod reads options only from a ConfigMap. Set group to "" and kind to ConfigMap.`;
    return;
  }
  const target = referenceOf(gateway, stack);
  if (target instanceof Unknown) yield target;
  else if (target !== undefined) yield* checkExists(target, stack);
}

/** The ConfigMap with the options of a Gateway, in its own namespace. */
function referenceOf(gateway: KubernetesObject, stack: Stack) {
  const place = gateway.at("spec", "infrastructure", "parametersRef", "name");
  const name = place.text();
  const namespace = namespaceOf(gateway, stack).name;
  if (name === undefined || name instanceof Unknown) return name;
  if (namespace === undefined) return undefined;
  return {
    from: gateway,
    what: "ConfigMap",
    kind: configMaps,
    namespace,
    name,
    written: `${place.path} is ${name}`,
    bare: true,
    spelled: (where: string) => `the ConfigMap in ${where}`,
    rule: NAME,
    strict: true,
  } as const;
}

function* checkConfigMap(configMap: KubernetesObject, stack: Stack): Iterable<Finding> {
  const ofClass = isOfClass(configMap);
  if (ofClass) yield* checkPlace(configMap);
  if (ofClass || isDefaults(configMap) || isReferred(configMap, stack)) {
    yield* checkData(configMap, stack);
  }
}

function isOfClass({ at }: KubernetesObject): boolean {
  return at("metadata", "labels", DEFAULTS_LABEL).text() === MESH_CLASS;
}

function isDefaults({ at, name }: KubernetesObject): boolean {
  return name === DEFAULTS && at("metadata", "namespace").text() === CONTROL_PLANE_NAMESPACE;
}

/** Reports a second ConfigMap for the class, or one that istiod does not read. */
function* checkPlace(configMap: KubernetesObject): Iterable<Finding> {
  const { at, name } = configMap;
  if (isDefaults(configMap) || name === undefined) return;
  const label = `${at("metadata", "labels", DEFAULTS_LABEL).path} is ${MESH_CLASS}`;
  yield `${label}, but AKS allows only one ConfigMap for the class, ${DEFAULTS} in ${CONTROL_PLANE_NAMESPACE}, and creates it. Change that one with a ConfigMapPatch, or refer to this one in spec.infrastructure.parametersRef of a Gateway.`;
}

function isReferred(configMap: KubernetesObject, stack: Stack): boolean {
  return inNamespaceOf(configMap, gateways, stack).some((gateway) => {
    const target = isMeshGateway(gateway) ? referenceOf(gateway, stack) : undefined;
    if (target === undefined || target instanceof Unknown) return false;
    return referred(target, stack).some(
      ({ resource, label }) => resource.urn === configMap.resource.urn && label === configMap.label,
    );
  });
}

function* checkData(configMap: KubernetesObject, stack: Stack): Iterable<Finding> {
  const data = configMap.at("data");
  const keys = data.keys();
  if (keys instanceof Unknown) yield keys;
  if (keys === undefined || keys instanceof Unknown) return;
  for (const key of keys) {
    const place = data.at(key);
    const text = place.text();
    if (text instanceof Unknown) yield text;
    if (typeof text !== "string") continue;
    const read = readYaml(text);
    if ("problem" in read) {
      yield `${place.path}: ${read.problem}`;
      continue;
    }
    for (const { path, message } of gatewayOptionProblems(key, read.content)) {
      yield `${place.path}${path === "" ? "" : ` (${path})`}: ${message}`;
    }
    if (key === SERVICE) yield* checkProbes(read.content, place.path, configMap, stack);
  }
}

/** Reports probes for externalTrafficPolicy: Cluster on a Service with Local. */
function* checkProbes(
  service: unknown,
  path: string,
  configMap: KubernetesObject,
  stack: Stack,
): Iterable<Finding> {
  if (!keepsClientAddress(service)) return;
  const ofClass = stack
    .all(configMaps)
    .filter((one) => isDefaults(one) && onOneCluster(one, configMap, stack))
    .map((one) => one.at("data", SERVICE).text());
  const unknown = ofClass.find((text) => text instanceof Unknown);
  const defaults = ofClass.filter((text) => typeof text === "string").map(readYaml);
  const left = probeAnnotationsLeft(service).filter((annotation) =>
    defaults.every(
      (read) => "problem" in read || probeAnnotationsLeft(read.content).includes(annotation),
    ),
  );
  if (left.length === 0) return;
  yield (
    unknown ??
    `${path} (spec.externalTrafficPolicy): It is Local, but AKS sets annotations for the probes of Cluster, which fail on nodes without a gateway pod. Set ${left.join(", ")} to null in metadata.annotations.`
  );
}
