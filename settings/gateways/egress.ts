import { z } from "zod";
import { judgeEgress } from "../../mesh/egressChange.ts";
import { egressGatewayNameProblem } from "../../mesh/egressGateways.ts";
import { hostProblem, routeNameProblem } from "../../mesh/hosts.ts";
import { sizeOf } from "../../mesh/ranges.ts";
import { checkDefaultDeny } from "./gatewayNamespaces.ts";
import { IPv4Range, PoolName, VmSize, keys, list, text } from "../core/scalars.ts";
import { checkNamespaceReference } from "../namespaces/namespaces.ts";
import { isMap, valueAt } from "../core/path.ts";
import { read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

const EgressPoolName = PoolName.default("egress").describe(
  "The name of the pool. No other pool of the cluster may have it.",
);
const PrefixSize = z
  .int()
  .min(28)
  .max(31)
  .default(31)
  .describe(
    "The length of the public IP prefix from which requests leave: 31 has 2 addresses, 28 has 16.",
  );
const Count = z
  .int()
  .min(1)
  .default(2)
  .describe("The number of nodes. Each uses one address of the public IP prefix.");

/** What has no use for a public address: private networks, and the metadata that a node asks itself for. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.169.254/32"];

const EgressGateway = keys({
  phase: z
    .enum(["prepared", "enabled", "routed"])
    .describe(
      "prepared creates the pool, enabled adds the gateway, and routed sends requests through it. Each phase is a pulumi up of its own, forwards and back.",
    ),
  namespace: text("must be one of the stack's namespaces")
    .meta({ examples: ["egress"] })
    .describe("The namespace of the stack in which the gateway runs."),
  pool: keys({
    name: EgressPoolName,
    vmSize: VmSize.default("Standard_D4ds_v5").describe("The VM size of the nodes."),
    count: Count,
    publicIPPrefixSize: PrefixSize,
  })
    .prefault({})
    .describe("The node pool of the gateway, whose nodes hold its public addresses."),
  excludeCidrs: list(IPv4Range)
    .default(PRIVATE)
    .describe(
      "The IPv4 ranges to which the gateway's traffic does not use the public addresses. Without it, these are the private ranges and Azure's instance metadata service.",
    ),
  hosts: z
    .record(
      z.string(),
      z.enum(["TLS", "HTTP"]).describe("The protocol that workloads speak to the host."),
    )
    .default({})
    .meta({ examples: [{ "api.partner.example": "TLS" }] })
    .describe(
      "The hosts to which requests leave through the gateway, by name. The phase routed requires at least one.",
    ),
}).describe("An egress gateway.");

/** The gateways under the key `aks-istio:gateways`, `egress`, by name. */
export const Egress = z.record(z.string().meta({ examples: ["partners"] }), EgressGateway);

/** The names of the gateways, as they are written. */
export function egressGatewayNames(values: Values): readonly string[] {
  return egressOf(values).map(({ name }) => name);
}

export function checkEgressNames(values: Values): readonly Violation[] {
  return egressOf(values).flatMap(({ name, steps }): Violation[] => {
    const problem = egressGatewayNameProblem(name);
    return problem === undefined ? [] : [{ steps, rule: `the name ${problem}`, hideValue: true }];
  });
}

export function checkEgressNamespaces(values: Values): readonly Violation[] {
  return egressOf(values).flatMap(({ steps }) => [
    ...declaredNamespace(values, [...steps, "namespace"]),
    ...refusingNamespace(values, [...steps, "namespace"]),
  ]);
}

/** @see https://learn.microsoft.com/azure/aks/configure-static-egress-gateway#create-a-gateway-node-pool */
export function checkEgressPools(values: Values): readonly Violation[] {
  const userPools = valueAt(values, ["cluster", "userPools"]);
  const taken = new Map(
    [...(isMap(userPools) ? Object.keys(userPools) : ["apps"]), "system"].map((name) => [
      name,
      "of the cluster",
    ]),
  );
  return egressOf(values).flatMap(({ name, steps }): Violation[] => {
    const pool = [...steps, "pool"];
    const poolName = read(EgressPoolName, values, [...pool, "name"]) ?? "";
    const owner = taken.get(poolName);
    if (poolName !== "") taken.set(poolName, `of ${name}`);
    const count = read(Count, values, [...pool, "count"]);
    const size = read(PrefixSize, values, [...pool, "publicIPPrefixSize"]);
    return [
      ...(owner === undefined
        ? []
        : [
            {
              steps: [...pool, "name"],
              rule: `must differ from that of a pool ${owner}, which is ${poolName}`,
              hideValue: true,
            },
          ]),
      ...(count === undefined || size === undefined || count <= sizeOf(size)
        ? []
        : [
            {
              steps: [...pool, "count"],
              rule: `must be at most ${sizeOf(size)}, the number of addresses in a /${size} prefix`,
            },
          ]),
    ];
  });
}

export function checkEgressHosts(values: Values): readonly Violation[] {
  const takenBy = new Map<string, string>();
  return egressOf(values).flatMap(({ name, steps, gateway }): Violation[] => {
    const hosts = isMap(gateway["hosts"]) ? Object.keys(gateway["hosts"]) : [];
    const nowhere =
      gateway["phase"] === "routed" && hosts.length === 0
        ? [
            {
              steps: [...steps, "hosts"],
              rule: "must have a host in the phase routed: without one, no requests leave through the gateway",
              hideValue: true,
            },
          ]
        : [];
    return [
      ...nowhere,
      ...hosts.flatMap((host): Violation[] => {
        const problem = hostProblem(host) ?? routeNameProblem(name, host);
        const other = takenBy.get(host);
        takenBy.set(host, name);
        const rule =
          problem === undefined
            ? other && `already leaves through ${other}; list each host once`
            : `the host ${problem}`;
        return rule === undefined
          ? []
          : [{ steps: [...steps, "hosts", host], rule, hideValue: true }];
      }),
    ];
  });
}

/** The routes to a host are called by gateway and host, and with hyphens in both two pairs may make one name. */
export function checkEgressRouteNames(values: Values): readonly Violation[] {
  const takenBy = new Map<string, string>();
  return egressOf(values).flatMap(({ name, steps, gateway }): Violation[] => {
    const hosts = isMap(gateway["hosts"]) ? Object.keys(gateway["hosts"]) : [];
    return hosts.flatMap((host): Violation[] => {
      const route = `${name}-${host}`;
      const other = takenBy.get(route);
      takenBy.set(route, name);
      if (other === undefined) return [];
      const rule = `would have the same route name, ${route}, as a host of ${other}; rename one of the gateways`;
      return [{ steps: [...steps, "hosts", host], rule, hideValue: true }];
    });
  });
}

export function checkStaticEgress(values: Values): readonly Violation[] {
  const gateways = Object.fromEntries(egressOf(values).map(({ name, gateway }) => [name, gateway]));
  const on = valueAt(values, ["gateways", "staticEgress"]) === true;
  return judgeEgress({ staticEgress: on, gateways }).map(({ path, message }) => ({
    steps: ["gateways", path],
    rule: message,
    hideValue: path !== "staticEgress",
  }));
}

function egressOf(values: Values) {
  const steps = ["gateways", "egress"];
  const gateways = valueAt(values, steps);
  return Object.entries(isMap(gateways) ? gateways : {}).flatMap(([name, gateway]) =>
    isMap(gateway) ? [{ name, gateway, steps: [...steps, name] }] : [],
  );
}
