import { isIPv4 } from "node:net";
import { isIPv4Range } from "./addresses.ts";
import { hostProblem } from "./hosts.ts";
import type { IngressGatewayKind } from "./ingressGateways.ts";
import type { Problem } from "./problem.ts";
import { closest } from "../text/suggest.ts";

/** The rule for an annotation of a gateway's Service. */
interface AnnotationRule {
  /** Text that completes "must be …". */
  readonly be: string;
  readonly fits: (value: string) => boolean;
  /** The only kind of gateway it applies to. Default: both. */
  readonly only?: IngressGatewayKind;
}

const TRUE_OR_FALSE: AnnotationRule = {
  be: '"true" or "false"',
  fits: (value) => value === "true" || value === "false",
};
/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const GROUP_NAME: AnnotationRule = {
  be: "the name of a resource group, at most 90 letters, digits, - _ . ( and )",
  fits: matches(/^[\w.()-]{0,89}[\w()-]$/),
};
/** The name of a subnet or a public IP address. */
const NETWORK_NAME: AnnotationRule = {
  be: "a name in Azure, at most 80 letters, digits, - _ and .",
  fits: matches(/^[A-Za-z0-9]([\w.-]{0,78}\w)?$/),
};

/** Annotations for one port of the Service; `{port}` is 80 or 443. */
const OF_A_PORT = {
  no_lb_rule: TRUE_OR_FALSE,
  no_probe_rule: TRUE_OR_FALSE,
  "health-probe_protocol": {
    be: "Tcp, Http or Https",
    fits: matches(/^(tcp|https?)$/i),
  },
  "health-probe_port": {
    be: "a port from 1 to 65535 or the name of one of the Service's ports",
    fits: (value) =>
      /^\d+$/.test(value)
        ? isWholeNumber(value, 1, 65535)
        : /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value),
  },
  "health-probe_interval": {
    be: "a number of seconds, 5 or more",
    fits: (value) => isWholeNumber(value, 5, Infinity),
  },
  "health-probe_num-of-probe": {
    be: "a number of probes, 1 or more",
    fits: (value) => isWholeNumber(value, 1, Infinity),
  },
  "health-probe_request-path": {
    be: "a path that starts with /",
    fits: matches(/^\/[\x21-\x7e]*$/),
  },
} as const satisfies Readonly<Record<string, AnnotationRule>>;

/** Annotations for the whole Service. */
const OF_THE_SERVICE = {
  "external-dns.alpha.kubernetes.io/hostname": {
    be: "comma-separated host names",
    fits: listOf((host) => hostProblem(host) === undefined),
  },
  "service.beta.kubernetes.io/azure-allowed-ip-ranges": {
    be: "comma-separated IPv4 ranges in CIDR notation, each starting at its first address",
    fits: listOf(isIPv4Range),
  },
  "service.beta.kubernetes.io/azure-allowed-service-tags": {
    be: "comma-separated service tags",
    fits: listOf(matches(/^[A-Za-z][\w.]*$/)),
  },
  "service.beta.kubernetes.io/azure-disable-load-balancer-floating-ip": TRUE_OR_FALSE,
  "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": {
    ...NETWORK_NAME,
    only: "Internal",
  },
  "service.beta.kubernetes.io/azure-load-balancer-ipv4": { be: "an IPv4 address", fits: isIPv4 },
  "service.beta.kubernetes.io/azure-load-balancer-disable-tcp-reset": TRUE_OR_FALSE,
  "service.beta.kubernetes.io/azure-load-balancer-resource-group": {
    ...GROUP_NAME,
    only: "External",
  },
  "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": {
    be: "a number of minutes from 4 to 30",
    fits: (value) => isWholeNumber(value, 4, 30),
  },
  "service.beta.kubernetes.io/azure-pip-ip-tags": {
    be: "comma-separated tags of the form type=value",
    fits: listOf(matches(/^[\x21-\x3c\x3e-\x7e]+=[\x21-\x3c\x3e-\x7e]+$/)),
    only: "External",
  },
  "service.beta.kubernetes.io/azure-pip-name": { ...NETWORK_NAME, only: "External" },
  "service.beta.kubernetes.io/azure-shared-securityrule": TRUE_OR_FALSE,
} as const satisfies Readonly<Record<string, AnnotationRule>>;

type PortAnnotation = `service.beta.kubernetes.io/port_${80 | 443}_${keyof typeof OF_A_PORT}`;

/** An annotation that AKS keeps on a gateway's Service; it silently removes all others. */
export type GatewayAnnotation = keyof typeof OF_THE_SERVICE | PortAnnotation;

/** Annotations for a gateway's Service, by their full names. */
export type GatewayAnnotations = Readonly<Partial<Record<GatewayAnnotation, string>>>;

/**
 * The rule for every annotation that AKS keeps, by name.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress#ingress-gateway-service-customizations
 * @see https://learn.microsoft.com/azure/aks/configure-load-balancer-standard#customizations-via-kubernetes-annotations
 */
const RULES: ReadonlyMap<string, AnnotationRule> = new Map<string, AnnotationRule>([
  ...Object.entries(OF_THE_SERVICE),
  ...[80, 443].flatMap((port) =>
    Object.entries(OF_A_PORT).map(([name, rule]): [string, AnnotationRule] => [
      `service.beta.kubernetes.io/port_${port}_${name}`,
      rule,
    ]),
  ),
]);

/** Makes a load balancer internal; determined by the kind of the gateway. */
const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

/** The names of all annotations that AKS keeps. */
export const GATEWAY_ANNOTATIONS: readonly string[] = [...RULES.keys()];

/** Whether AKS keeps an annotation of this name. */
export function isGatewayAnnotation(name: string): name is GatewayAnnotation {
  return RULES.has(name);
}

/** The problems of annotations for a gateway's Service; the path is the annotation. */
export function annotationProblems(
  annotations: Readonly<Record<string, string>>,
  kind: IngressGatewayKind,
): readonly Problem[] {
  return Object.entries(annotations).flatMap(([name, value]): Problem[] => {
    const message = problem(name, value, kind);
    return message === undefined ? [] : [{ severity: "error", path: name, message }];
  });
}

function problem(name: string, value: string, kind: IngressGatewayKind): string | undefined {
  const rule = RULES.get(name);
  if (rule === undefined) {
    if (name === INTERNAL && kind === "External") {
      return "applies only to the Internal gateway; remove it";
    }
    const fitting = [...RULES].filter(([, { only = kind }]) => only === kind);
    const meant = closest(
      name,
      fitting.map(([known]) => known),
    );
    return `AKS removes this annotation from the gateway's Service; ${
      meant === undefined ? "remove it" : `did you mean ${meant}?`
    }`;
  }
  if (rule.only !== undefined && rule.only !== kind) {
    return `does not apply to an ${kind.toLowerCase()} gateway; remove it`;
  }
  return rule.fits(value) ? undefined : `must be ${rule.be}`;
}

function matches(pattern: RegExp): (value: string) => boolean {
  return (value) => pattern.test(value);
}

function listOf(fits: (entry: string) => boolean): (value: string) => boolean {
  return (value) => value.split(",").every((entry) => fits(entry.trim()));
}

function isWholeNumber(value: string, minimum: number, maximum: number): boolean {
  return /^\d{1,9}$/.test(value) && Number(value) >= minimum && Number(value) <= maximum;
}
