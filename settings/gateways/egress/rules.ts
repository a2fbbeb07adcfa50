import { judgeEgress } from "../../../mesh/egressChange.ts";
import { egressGatewayNameProblem } from "../../../mesh/egressGateways.ts";
import { hostProblem, routeNameProblem } from "../../../mesh/hosts.ts";
import { sizeOf } from "../../../mesh/ranges.ts";
import { checkNamespaceReference } from "../../namespaces/rules.ts";
import { checkDefaultDeny } from "../defaultDeny.ts";
import { isMap, valueAt } from "../../core/path.ts";
import { read } from "../../core/partialValues.ts";
import type { Values } from "../../core/partialValues.ts";
import type { Violation } from "../../core/violation.ts";
import { EgressPoolName, PrefixSize, Count } from "./schema.ts";

/** The names of the gateways, as written. */
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
    ...checkNamespaceReference(values, [...steps, "namespace"]),
    ...checkDefaultDeny(values, [...steps, "namespace"]),
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

/** Routes are named `<gateway>-<host>`. Because both may contain hyphens, two pairs can have the same name. */
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
