import { z } from "zod";
import { annotationProblems } from "../mesh/gatewayAnnotations.ts";
import type { GatewayAnnotations } from "../mesh/gatewayAnnotations.ts";
import { hostProblem } from "../mesh/hosts.ts";
import { GATEWAY_REPLICAS } from "../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../mesh/ingressGateways.ts";
import { declaredNamespace, refusingNamespace } from "./gatewayNamespaces.ts";
import { keys, text } from "./leaves.ts";
import { isExternal } from "./mesh.ts";
import { isMap, valueAt } from "./paths.ts";
import type { Step } from "./paths.ts";
import { read } from "./reading.ts";
import type { Values } from "./reading.ts";
import type { Violation } from "./rules.ts";

const SERVICE_RULE = "must be the name of a Service, such as frontend";
const OBJECT_RULE =
  "must be the name of a certificate in Key Vault: letters, digits and hyphens, such as shop-example-com";

const Host = keys({
  namespace: text("must name one of the namespaces of the stack"),
  service: text(SERVICE_RULE).regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, { error: SERVICE_RULE }),
  port: z.int().min(1).max(65535),
  certificate: text(OBJECT_RULE)
    .regex(/^[0-9a-zA-Z-]{1,127}$/, { error: OBJECT_RULE })
    .optional(),
  tlsCertificate: text("must be a certificate chain in PEM form").optional(),
  tlsKey: text("must be a private key in PEM form").optional(),
}).transform(({ certificate, tlsCertificate, tlsKey, ...answering }) => ({
  ...answering,
  // One of the two, by the rule oneCertificate.
  certificate:
    tlsCertificate !== undefined && tlsKey !== undefined
      ? { certificate: tlsCertificate, key: tlsKey }
      : { keyVaultObject: certificate ?? "" },
}));

const Replicas = z.int().min(GATEWAY_REPLICAS.minimum).max(1000);

function gateway(kind: IngressGatewayKind) {
  return {
    api: z.enum(["istio", "gateway-api"]).default("istio"),
    namespace: text("must name one of the namespaces of the stack").optional(),
    hosts: z.record(z.string(), Host).default({}),
    annotations: annotations(kind).default({}),
    externalTrafficPolicy: z.enum(["Cluster", "Local"]).optional(),
    replicas: keys({ minimum: Replicas, maximum: Replicas }).optional(),
  };
}

function annotations(kind: IngressGatewayKind) {
  return z
    .record(z.string(), z.string())
    .superRefine((given, context) => {
      for (const { path, message } of annotationProblems(given, kind)) {
        context.addIssue({ code: "custom", path: [path], message });
      }
    })
    .transform((given): GatewayAnnotations => given);
}

/** The gateways under the key `aks-istio:gateways`, `ingress`. One that is not named is not there. */
export const Ingress = keys({
  Internal: keys(gateway("Internal")).optional(),
  External: keys({ ...gateway("External"), staticIP: z.boolean().default(false) }).optional(),
});

const KINDS = ["Internal", "External"] as const;

/** The listeners that a `Gateway` of the Gateway API has at most, one of which redirects. */
const MAX_GATEWAY_API_HOSTS = 63;

export function ingressHosts(values: Values): readonly Violation[] {
  return hostsOf(values).flatMap(({ host, steps }): Violation[] => {
    const problem = hostProblem(host);
    const badName =
      problem === undefined ? [] : [{ steps, rule: `the host ${problem}`, aside: true }];
    return [...badName, ...declaredNamespace(values, [...steps, "namespace"])];
  });
}

export function oneCertificate(values: Values): readonly Violation[] {
  return hostsOf(values).flatMap(({ steps, has }): Violation[] => {
    const given = has("tlsCertificate") || has("tlsKey");
    if (has("certificate")) {
      return given
        ? [
            {
              steps,
              rule: "must have either certificate, from Key Vault, or tlsCertificate and tlsKey, and has both",
              aside: true,
            },
          ]
        : [];
    }
    if (!given) {
      return [
        {
          steps,
          rule: "must have a certificate: the name of one in Key Vault as certificate, or its PEM as tlsCertificate and tlsKey",
          aside: true,
        },
      ];
    }
    return ["tlsCertificate", "tlsKey"]
      .filter((key) => !has(key))
      .map((key) => ({
        steps: [...steps, key],
        rule: `must be given with ${key === "tlsKey" ? "tlsCertificate" : "tlsKey"}`,
      }));
  });
}

export function certificatesHaveVault(values: Values): readonly Violation[] {
  const steps = ["gateways", "keyVaultId"];
  const given = valueAt(values, steps) !== undefined;
  const needed = hostsOf(values).some(({ has }) => has("certificate"));
  if (given === needed) return [];
  return [
    needed
      ? {
          steps,
          rule: "must be the resource ID of the Key Vault that holds the hosts' certificates",
        }
      : {
          steps,
          rule: "has no use where no host takes a certificate from it; remove it",
          aside: true,
        },
  ];
}

/** What each way of writing routes asks for, and what it has no place for. */
export function ingressApis(values: Values): readonly Violation[] {
  return gatewaysOf(values).flatMap(({ steps, gateway: settings }): Violation[] => {
    const has = (key: string) => settings[key] !== undefined;
    if (settings["api"] !== "gateway-api") {
      return has("namespace")
        ? [
            {
              steps: [...steps, "namespace"],
              rule: "has no use with api: istio, where AKS decides where the gateway runs; remove it",
              aside: true,
            },
          ]
        : [];
    }
    const hosts = isMap(settings["hosts"]) ? Object.keys(settings["hosts"]).length : 0;
    return [
      ...(has("namespace")
        ? [
            ...declaredNamespace(values, [...steps, "namespace"]),
            ...refusingNamespace(values, [...steps, "namespace"]),
          ]
        : [
            {
              steps: [...steps, "namespace"],
              rule: "must name the namespace of the stack in which the gateway runs",
            },
          ]),
      ...(has("externalTrafficPolicy")
        ? [
            {
              steps: [...steps, "externalTrafficPolicy"],
              rule: "has no use with api: gateway-api, where the load balancer's probes do not fit it; remove it",
              aside: true,
            },
          ]
        : []),
      ...(hosts < 1 || hosts > MAX_GATEWAY_API_HOSTS
        ? [
            {
              steps: [...steps, "hosts"],
              rule: `must be 1 to ${MAX_GATEWAY_API_HOSTS} hosts with api: gateway-api, and is ${hosts}`,
              aside: true,
            },
          ]
        : []),
    ];
  });
}

export function ingressReplicas(values: Values): readonly Violation[] {
  return gatewaysOf(values).flatMap(({ steps, gateway: settings }): Violation[] => {
    const replicas = [...steps, "replicas"];
    if (valueAt(values, replicas) === undefined) return [];
    if (isExternal(values) && settings["api"] !== "gateway-api") {
      return [
        {
          steps: replicas,
          rule: "cannot go with mesh.management: external, where nobody here knows the revision that is in the autoscaler's name; remove it, or set management to pinned",
          aside: true,
        },
      ];
    }
    const minimum = read(Replicas, values, [...replicas, "minimum"]);
    const maximum = read(Replicas, values, [...replicas, "maximum"]);
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
export function oneAddress(values: Values): readonly Violation[] {
  const steps = ["gateways", "ingress", "External"];
  if (valueAt(values, [...steps, "staticIP"]) !== true) return [];
  return ["load-balancer-resource-group", "pip-name", "load-balancer-ipv4"]
    .map((name) => [...steps, "annotations", `service.beta.kubernetes.io/azure-${name}`])
    .filter((annotation) => valueAt(values, annotation) !== undefined)
    .map((annotation) => ({
      steps: annotation,
      rule: "chooses another address than staticIP does; remove one of the two",
      aside: true,
    }));
}

function gatewaysOf(values: Values) {
  return KINDS.flatMap((kind) => {
    const steps = ["gateways", "ingress", kind];
    const found = valueAt(values, steps);
    return isMap(found) ? [{ steps, gateway: found }] : [];
  });
}

/** Every host, with where it stands and whether a key of it is given. */
function hostsOf(values: Values) {
  return gatewaysOf(values).flatMap(({ steps, gateway: { hosts } }) =>
    Object.entries(isMap(hosts) ? hosts : {})
      .filter(([, host]) => isMap(host))
      .map(([host, settings]) => ({
        host,
        steps: [...steps, "hosts", host] as readonly Step[],
        has: (key: string) => valueAt(settings, [key]) !== undefined,
      })),
  );
}
