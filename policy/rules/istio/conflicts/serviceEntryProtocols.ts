import { serviceEntries } from "../../../model/istio/istioConfig.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import type { Finding } from "../../../engine/finding.ts";
import type { Stack } from "../../../engine/stack.ts";
import { rivalsOf } from "./claims.ts";
import type { Claims } from "./claims.ts";
import { seenTogether } from "../../../model/istio/exports.ts";
import { itemsOf, textsOf } from "../../../model/knownParts.ts";

/** Hosts with their ports: `api.example.com:443`. */
const ports: Claims = { kind: serviceEntries, of: (entry) => [...protocolsOf(entry).keys()] };

/**
 * Reports ports to which two ServiceEntries assign different protocols.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0177/
 */
export function* checkProtocols(entry: KubernetesObject, stack: Stack): Iterable<Finding> {
  const own = protocolsOf(entry);
  for (const { claim, by } of rivalsOf(entry, ports, stack)) {
    const [here, there] = [own.get(claim) ?? "", protocolsOf(by).get(claim) ?? ""];
    if (here === there || !seenTogether(entry, by, stack)) continue;
    yield `${entry.at("spec", "ports").path} sets the protocol of ${claim} to ${here}, but ${by.label} sets it to ${there}. Set both to the same protocol.`;
  }
}

function protocolsOf({ at }: KubernetesObject): ReadonlyMap<string, string> {
  const hosts = textsOf(at("spec", "hosts"));
  return new Map(
    itemsOf(at("spec", "ports")).flatMap((port) => {
      const number = port.at("number").text();
      const protocol = port.at("protocol").text();
      if (typeof number !== "string" || typeof protocol !== "string") return [];
      return hosts.map((host) => [`${host}:${number}`, protocol.toUpperCase()] as const);
    }),
  );
}
