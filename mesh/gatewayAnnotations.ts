import { isIPv4 } from "node:net";
import { isIPv4Range } from "./addresses.ts";
import { hostProblem } from "./hosts.ts";
import type { IngressGatewayKind } from "./ingressGateways.ts";
import type { Problem } from "./problem.ts";
import { closest } from "../text/suggest.ts";

/** What an annotation of a gateway's Service must be. */
interface AnnotationRule {
  /** In words that complete "must be …". */
  readonly be: string;
  readonly fits: (value: string) => boolean;
  /** The one kind of gateway that it means something for; both where left out. */
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
/** What virtual networks call their subnets, and public addresses are called. */
const NETWORK_NAME: AnnotationRule = {
  be: "a name in Azure, at most 80 letters, digits, - _ and .",
  fits: matches(/^[A-Za-z0-9]([\w.-]{0,78}\w)?$/),
};

/** Annotations that concern one port of the Service; `{port}` is 80 or 443. */
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
    be: "a path that begins with /",
    fits: matches(/^\/[\x21-\x7e]*$/),
  },
} as const satisfies Readonly<Record<string, AnnotationRule>>;

/** Annotations that concern the whole Service. */
const OF_THE_SERVICE = {
  "external-dns.alpha.kubernetes.io/hostname": {
    be: "host names with commas between them",
    fits: listOf((host) => hostProblem(host) === undefined),
  },
  "service.beta.kubernetes.io/azure-allowed-ip-ranges": {
    be: "IPv4 ranges from their first address on, with commas between them",
    fits: listOf(isIPv4Range),
  },
  "service.beta.kubernetes.io/azure-allowed-service-tags": {
    be: "service tags with commas between them",
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
    be: "tags of the form type=value with commas between them",
    fits: listOf(matches(/^[\x21-\x3c\x3e-\x7e]+=[\x21-\x3c\x3e-\x7e]+$/)),
    only: "External",
  },
  "service.beta.kubernetes.io/azure-pip-name": { ...NETWORK_NAME, only: "External" },
  "service.beta.kubernetes.io/azure-shared-securityrule": TRUE_OR_FALSE,
} as const satisfies Readonly<Record<string, AnnotationRule>>;

type PortAnnotation = `service.beta.kubernetes.io/port_${80 | 443}_${keyof typeof OF_A_PORT}`;

/** An annotation that AKS leaves on a gateway's Service; it takes any other away again without a word. */
export type GatewayAnnotation = keyof typeof OF_THE_SERVICE | PortAnnotation;

/** Annotations for a gateway's Service, by their whole names. */
export type GatewayAnnotations = Readonly<Partial<Record<GatewayAnnotation, string>>>;

/**
 * What is to be known of every annotation that AKS keeps, by name.
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

/** What makes a load balancer internal. The kind of a gateway decides it. */
const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

/** The names of all annotations that AKS keeps. */
export const GATEWAY_ANNOTATIONS: readonly string[] = [...RULES.keys()];

/** Whether AKS keeps an annotation of this name. */
export function isGatewayAnnotation(name: string): name is GatewayAnnotation {
  return RULES.has(name);
}

/** What is wrong with annotations for a gateway's Service, with the annotation as the path. */
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
      return "makes a load balancer internal, which only the Internal gateway has; remove it";
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
    return `means nothing for an ${kind.toLowerCase()} gateway; remove it`;
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
