import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { isGatewayAnnotation } from "../../mesh/gatewayAnnotations.ts";
import { textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, note } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { roleOf } from "./gateways.ts";

/** Where an object sets the Service of an own gateway. */
interface Settings {
  readonly spec: KeyPath;
  readonly annotations: KeyPath;
}

const PREFIX = "service.beta.kubernetes.io/";
const ALLOWED_RANGES = `${PREFIX}azure-allowed-ip-ranges`;

/** What limits the clients of a load balancer. */
const LIMITS: readonly string[] = [
  ALLOWED_RANGES,
  `${PREFIX}azure-allowed-service-tags`,
  `${PREFIX}azure-deny-all-except-load-balancer-source-ranges`,
  `${PREFIX}load-balancer-source-ranges`,
];

/**
 * What the Service of an own ingress gateway has that those of the add-on do not have by themselves: above all, the
 * addresses that may reach it.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress#ingress-gateway-service-customizations
 */
export function gatewayServiceFindings({ kind, name = "", object }: Manifest): readonly Finding[] {
  if (kind !== "Service" || roleOf(name) !== "ingress") return [];
  return settingsFindings(object, { spec: ["spec"], annotations: ["metadata", "annotations"] });
}

/** The same of a gateway of an IstioOperator, which is at a path. */
export function operatorServiceFindings(object: unknown, at: KeyPath): readonly Finding[] {
  return settingsFindings(object, {
    spec: [...at, "k8s", "service"],
    annotations: [...at, "k8s", "serviceAnnotations"],
  });
}

/** The same of the values of Istio's charts: those of the gateway, and of the gateways that Istio 1.x installed itself. */
export function chartServiceFindings(values: unknown, at: KeyPath): readonly Finding[] {
  const gateways = valueAt(values, "gateways");
  const names = isRecord(gateways) ? Object.keys(gateways) : [];
  const all: readonly Settings[] = [
    { spec: ["service"], annotations: ["service", "annotations"] },
    ...names
      .filter((name) => roleOf(name) === "ingress")
      .map((name) => ({
        spec: ["gateways", name],
        annotations: ["gateways", name, "serviceAnnotations"],
      })),
  ];
  return all
    .flatMap((one) => settingsFindings(values, one))
    .map((finding) => ({ ...finding, at: [...at, ...finding.at] }));
}

function settingsFindings(object: unknown, { spec, annotations }: Settings): readonly Finding[] {
  const given = valueAt(object, ...annotations);
  const names = isRecord(given) ? Object.keys(given) : [];
  const limits = names.filter((name) => LIMITS.includes(name));
  const kept = names.filter((name) => isGatewayAnnotation(name) && !LIMITS.includes(name));
  const removed = names.filter(
    (name) =>
      !isGatewayAnnotation(name) &&
      !LIMITS.includes(name) &&
      !name.endsWith("/azure-load-balancer-internal"),
  );
  return [
    ...sourceRanges(valueAt(object, ...spec, "loadBalancerSourceRanges"), spec),
    ...limits.map((name) => limited([...annotations, name], `${name}: ${textOf(given, name)}`)),
    ...address(textAt(object, ...spec, "loadBalancerIP"), spec),
    ...(textAt(object, ...spec, "externalTrafficPolicy") === "Local"
      ? [
          note(
            [...spec, "externalTrafficPolicy"],
            "The Services of the add-on's gateways have externalTrafficPolicy Cluster, which hides the addresses of clients.",
            "If policies or logs need them, patch the Service: externalTrafficPolicy: Local.",
          ),
        ]
      : []),
    ...(kept.length === 0
      ? []
      : [
          note(
            annotations,
            `The Service of the add-on's gateway does not have these annotations by itself: ${kept.join(", ")}.`,
            "Set them on it: AKS keeps them.",
          ),
        ]),
    ...(removed.length === 0
      ? []
      : [
          note(
            annotations,
            `AKS removes these annotations from the Service of its gateway: ${removed.join(", ")}.`,
            "Do without them, or use a Gateway of the Kubernetes Gateway API.",
          ),
        ]),
  ];
}

function sourceRanges(ranges: unknown, spec: KeyPath): readonly Finding[] {
  if (!Array.isArray(ranges) || ranges.length === 0) return [];
  return [
    limited([...spec, "loadBalancerSourceRanges"], `loadBalancerSourceRanges: ${ranges.join(",")}`),
  ];
}

/** Without the limit, the gateway would be open to everybody. */
function limited(at: KeyPath, limit: string): Finding {
  return blocker(
    at,
    `The gateway lets only some clients in (${limit}), and that of the add-on lets everybody in.`,
    `Set the annotation ${ALLOWED_RANGES}, or azure-allowed-service-tags, on the Service of the add-on's gateway before traffic reaches it. AKS keeps no other limit.`,
  );
}

function address(ip: string | undefined, spec: KeyPath): readonly Finding[] {
  if (ip === undefined || ip === "") return [];
  return [
    note(
      [...spec, "loadBalancerIP"],
      `AKS assigns the address of its gateways, and this one has ${ip}.`,
      `Set ${PREFIX}azure-load-balancer-ipv4, or azure-pip-name, on the Service of the add-on's gateway.`,
    ),
  ];
}

function textOf(annotations: unknown, name: string): string {
  return String(valueAt(annotations, name));
}
