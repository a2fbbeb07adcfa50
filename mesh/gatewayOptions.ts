import type { Problem } from "./problem.ts";
import { closest } from "../text/suggest.ts";

/** The fields of a Deployment that AKS allows below the affinity of a gateway's pods. */
const AFFINITY = ["podAffinity", "podAntiAffinity"].flatMap((kind) =>
  ["required", "preferred"].map(
    (when) => `spec.template.spec.affinity.${kind}.${when}DuringSchedulingIgnoredDuringExecution`,
  ),
);

/**
 * The fields of a Gateway's objects that its ConfigMap may set, by the key of the ConfigMap; each includes the fields
 * below it. Items of a list count as the list.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#configmap-customizations
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  deployment: [
    "metadata.labels",
    "metadata.annotations",
    "spec.minReadySeconds",
    "spec.replicas",
    "spec.template.metadata.labels",
    "spec.template.metadata.annotations",
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
    "spec.template.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution",
    ...AFFINITY,
    // A patch of a container names it.
    "spec.template.spec.containers.name",
    "spec.template.spec.containers.resizePolicy",
    "spec.template.spec.containers.resources.limits",
    "spec.template.spec.containers.resources.requests",
    "spec.template.spec.containers.stdin",
    "spec.template.spec.containers.stdinOnce",
    "spec.template.spec.nodeSelector",
    "spec.template.spec.nodeName",
    "spec.template.spec.tolerations",
    "spec.template.spec.topologySpreadConstraints",
    "spec.template.spec.terminationGracePeriodSeconds",
  ],
  service: [
    "metadata.labels",
    "metadata.annotations",
    "spec.type",
    "spec.loadBalancerSourceRanges",
    "spec.loadBalancerClass",
    "spec.externalTrafficPolicy",
    "spec.internalTrafficPolicy",
    "spec.healthCheckNodePort",
  ],
  horizontalPodAutoscaler: [
    "metadata.labels",
    "metadata.annotations",
    "spec.behavior.scaleUp.stabilizationWindowSeconds",
    "spec.behavior.scaleUp.selectPolicy",
    "spec.behavior.scaleUp.policies",
    "spec.behavior.scaleDown.stabilizationWindowSeconds",
    "spec.behavior.scaleDown.selectPolicy",
    "spec.behavior.scaleDown.policies",
    "spec.metrics",
    "spec.minReplicas",
    "spec.maxReplicas",
  ],
  podDisruptionBudget: [
    "metadata.labels",
    "metadata.annotations",
    "spec.minAvailable",
    "spec.unhealthyPodEvictionPolicy",
  ],
};

/** The fewest replicas that AKS allows a gateway. */
const FEWEST_REPLICAS = 2;

/**
 * Annotations with which AKS directs the load balancer's probes of a Gateway's Service to Istio's status port. They do
 * not fit `externalTrafficPolicy: Local`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#service-customization-allow-list-fields
 */
const PROBE_ANNOTATIONS = ["port", "protocol", "request-path"].map(
  (what) => `service.beta.kubernetes.io/port_80_health-probe_${what}`,
);

/**
 * The problems of one entry of a Gateway's ConfigMap; paths are relative to its content.
 *
 * @param key such as `deployment`
 * @param content the parsed YAML
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#configmap-customizations
 */
export function gatewayOptionProblems(key: string, content: unknown): readonly Problem[] {
  const keys = Object.keys(ALLOWED);
  const allowed = Object.hasOwn(ALLOWED, key) ? ALLOWED[key] : undefined;
  if (allowed === undefined) {
    const meant = closest(key, keys);
    const fix = meant === undefined ? `Use ${keys.join(", ")}.` : `Did you mean ${meant}?`;
    return [error("", `AKS does not allow this key. ${fix}`)];
  }
  if (content === undefined || content === null) return [];
  if (!isMapping(content)) return [error("", "It must be a YAML mapping, such as spec: {}.")];
  return [...blockedFields(content, "", allowed), ...replicaProblems(key, content)];
}

function blockedFields(value: unknown, path: string, allowed: readonly string[]): Problem[] {
  if (allowed.includes(path)) return [];
  if (Array.isArray(value)) return value.flatMap((item) => blockedFields(item, path, allowed));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    const place = path === "" ? name : `${path}.${name}`;
    const leads = allowed.some((one) => one === place || one.startsWith(`${place}.`));
    if (leads) return blockedFields(below, place, allowed);
    const siblings = allowed.filter((one) => parentOf(one) === path);
    const meant = closest(place, siblings);
    const fix = meant === undefined ? "Remove it." : `Did you mean ${meant}?`;
    return [error(place, `AKS does not allow this field, and its webhook rejects it. ${fix}`)];
  });
}

function replicaProblems(key: string, content: object): Problem[] {
  const replicas = at(content, ["spec", "minReplicas"]);
  if (key !== "horizontalPodAutoscaler" || typeof replicas !== "number") return [];
  return replicas >= FEWEST_REPLICAS
    ? []
    : [error("spec.minReplicas", `It is ${replicas}, but must be at least ${FEWEST_REPLICAS}.`)];
}

/**
 * Whether the entry `service` of a Gateway's ConfigMap sets `externalTrafficPolicy: Local`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#service-customization-allow-list-fields
 */
export function keepsClientAddress(service: unknown): boolean {
  return at(service, ["spec", "externalTrafficPolicy"]) === "Local";
}

/**
 * The annotations for the probes of `externalTrafficPolicy: Cluster` that the entry `service` of a Gateway's ConfigMap
 * does not unset. To unset an annotation is to set it to null.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#service-customization-allow-list-fields
 */
export function probeAnnotationsLeft(service: unknown): readonly string[] {
  return PROBE_ANNOTATIONS.filter(
    (name) => at(service, ["metadata", "annotations", name]) !== null,
  );
}

function parentOf(path: string): string {
  return path.split(".").slice(0, -1).join(".");
}

/** The value at a path; undefined if there is none. */
function at(value: unknown, [name, ...below]: readonly string[]): unknown {
  if (name === undefined) return value;
  return isMapping(value) && Object.hasOwn(value, name)
    ? at((value as Readonly<Record<string, unknown>>)[name], below)
    : undefined;
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function error(path: string, message: string): Problem {
  return { severity: "error", path, message };
}
