import { annotationProblems } from "../../../mesh/gatewayAnnotations.ts";
import { hostProblem, routeNameProblem } from "../../../mesh/hosts.ts";
import { INGRESS_GATEWAY_KINDS } from "../../../mesh/ingressGateways.ts";
import { isExternal } from "../../mesh/rules.ts";
import { checkNamespaceReference } from "../../namespaces/rules.ts";
import { checkDefaultDeny } from "../defaultDeny.ts";
import { isMap, valueAt } from "../../core/path.ts";
import type { Step } from "../../core/path.ts";
import { read } from "../../core/partialValues.ts";
import type { Values } from "../../core/partialValues.ts";
import type { Violation } from "../../core/violation.ts";
import { Maximum, Minimum } from "./schema.ts";

/**
 * A `Gateway` of the Gateway API has at most 64 listeners, and one of them redirects HTTP.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec
 */
const MAX_GATEWAY_API_HOSTS = 63;

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayinfrastructure */
const GATEWAY_API_ANNOTATIONS = { number: 16, length: 4096 } as const;

export function checkIngressHosts(values: Values): readonly Violation[] {
  return hostsOf(values).flatMap(({ host, steps, kind }): Violation[] => {
    const problem = hostProblem(host) ?? routeNameProblem(kind.toLowerCase(), host);
    const badName =
      problem === undefined ? [] : [{ steps, rule: `the host ${problem}`, hideValue: true }];
    return [...badName, ...checkNamespaceReference(values, [...steps, "namespace"])];
  });
}

export function requireKeyVault(values: Values): readonly Violation[] {
  const steps = ["gateways", "keyVaultId"];
  const given = valueAt(values, steps) !== undefined;
  const hosts = hostsOf(values);
  const needed = hosts.some(({ has }) => has("certificate"));
  // An unreadable host, or one without a certificate yet, may get one from the vault.
  const settled =
    hostsAreReadable(values) && hosts.every(({ has }) => has("tlsCertificate") || has("tlsKey"));
  if (given === needed || (given && !settled)) return [];
  return [
    needed
      ? {
          steps,
          rule: "must be the resource ID of the Key Vault that holds the hosts' certificates",
        }
      : {
          steps,
          rule: "does not apply, because no host has a certificate in it; remove it",
          hideValue: true,
        },
  ];
}

/** Checks the namespace and the number of hosts of gateways that Istio creates from the Gateway API. */
export function checkGatewayApis(values: Values): readonly Violation[] {
  return gatewaysOf(values).flatMap(({ steps, gateway: settings }): readonly Violation[] => {
    if (settings["api"] !== "gateway-api") return [];
    const { hosts: given = {} } = settings;
    // The schema reports hosts that are not a map.
    const hosts = isMap(given) ? Object.keys(given).length : undefined;
    return [
      ...checkNamespaceReference(values, [...steps, "namespace"]),
      ...checkDefaultDeny(values, [...steps, "namespace"]),
      ...(hosts !== undefined && (hosts < 1 || hosts > MAX_GATEWAY_API_HOSTS)
        ? [
            {
              steps: [...steps, "hosts"],
              rule: `must have 1 to ${MAX_GATEWAY_API_HOSTS} hosts with api: gateway-api, but has ${hosts}`,
              hideValue: true,
            },
          ]
        : []),
    ];
  });
}

/** Checks each annotation by itself. */
export function checkAnnotations(values: Values): readonly Violation[] {
  return gatewaysOf(values).flatMap(({ kind, steps, gateway: { annotations } }) => {
    const texts = Object.entries(isMap(annotations) ? annotations : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    return annotationProblems(Object.fromEntries(texts), kind).map(({ path, message }) => ({
      steps: [...steps, "annotations", path],
      rule: message,
    }));
  });
}

/** The program adds annotations, too: one that makes a gateway internal, or two for its static address. */
export function checkGatewayApiAnnotations(values: Values): readonly Violation[] {
  return gatewaysOf(values).flatMap(({ kind, steps: place, gateway: settings }): Violation[] => {
    const { api, annotations, staticIP } = settings;
    if (api !== "gateway-api" || !isMap(annotations)) return [];
    const steps = [...place, "annotations"];
    const own = kind === "Internal" ? 1 : staticIP === true ? 2 : 0;
    const most = GATEWAY_API_ANNOTATIONS.number - own;
    const number = Object.keys(annotations).length;
    const tooMany = `must have at most ${most} annotations with api: gateway-api, but has ${number}${own === 0 ? "" : `: the program adds ${own} of the ${GATEWAY_API_ANNOTATIONS.number} that a Gateway passes on`}; remove some`;
    return [
      ...(number > most ? [{ steps, rule: tooMany, hideValue: true }] : []),
      ...Object.entries(annotations)
        .filter(([, value]) => String(value).length > GATEWAY_API_ANNOTATIONS.length)
        .map(([name, value]) => ({
          steps: [...steps, name],
          rule: `must be at most ${GATEWAY_API_ANNOTATIONS.length} characters long with api: gateway-api, but has ${String(value).length}; shorten it`,
          hideValue: true,
        })),
    ];
  });
}

export function checkReplicas(values: Values): readonly Violation[] {
  return gatewaysOf(values).flatMap(({ steps, gateway: settings }): Violation[] => {
    const replicas = [...steps, "replicas"];
    if (valueAt(values, replicas) === undefined) return [];
    if (isExternal(values) && settings["api"] !== "gateway-api") {
      return [
        {
          steps: replicas,
          rule: "does not apply with mesh.management: external: the autoscaler's name contains the revision, which the program does not know; remove it, or set mesh.management to pinned",
          hideValue: true,
        },
      ];
    }
    const minimum = read(Minimum, values, [...replicas, "minimum"]);
    const maximum = read(Maximum, values, [...replicas, "maximum"]);
    if (minimum === undefined || maximum === undefined || minimum <= maximum) return [];
    return [
      {
        steps: [...replicas, "maximum"],
        rule: `must not be less than minimum, which is ${minimum}`,
      },
    ];
  });
}

/** @see https://learn.microsoft.com/azure/aks/static-ip */
export function checkStaticIP(values: Values): readonly Violation[] {
  const steps = ["gateways", "ingress", "External"];
  if (valueAt(values, [...steps, "staticIP"]) !== true) return [];
  return ["load-balancer-resource-group", "pip-name", "load-balancer-ipv4"]
    .map((name) => [...steps, "annotations", `service.beta.kubernetes.io/azure-${name}`])
    .filter((annotation) => valueAt(values, annotation) !== undefined)
    .map((annotation) => ({
      steps: annotation,
      rule: "conflicts with staticIP, which chooses another address; remove one of the two",
      hideValue: true,
    }));
}

/** Whether every gateway and every host is a map. */
function hostsAreReadable(values: Values): boolean {
  const ingress = valueAt(values, ["gateways", "ingress"]) ?? {};
  return (
    isMap(ingress) &&
    Object.entries(ingress).every(
      ([kind, gateway]) =>
        (kind === "Internal" || kind === "External") &&
        isMap(gateway) &&
        isMap(gateway["hosts"] ?? {}) &&
        Object.values(gateway["hosts"] ?? {}).every(isMap),
    )
  );
}

function gatewaysOf(values: Values) {
  return INGRESS_GATEWAY_KINDS.flatMap((kind) => {
    const steps = ["gateways", "ingress", kind];
    const found = valueAt(values, steps);
    return isMap(found) ? [{ kind, steps, gateway: found }] : [];
  });
}

/** Every host, with its path and a test for its keys. */
function hostsOf(values: Values) {
  return gatewaysOf(values).flatMap(({ kind, steps, gateway: { hosts } }) =>
    Object.entries(isMap(hosts) ? hosts : {})
      .filter(([, host]) => isMap(host))
      .map(([host, settings]) => ({
        kind,
        host,
        steps: [...steps, "hosts", host] as readonly Step[],
        has: (key: string) => valueAt(settings, [key]) !== undefined,
      })),
  );
}
