import type { Cursor } from "../../../engine/cursor.ts";
import { selectSameGateway } from "../../../model/istio/addonGateways.ts";
import { gatewayHost } from "../../../model/istio/hosts.ts";
import { istioGateways } from "../../../model/istio/istioConfig.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../../model/kubernetes/objectNamespace.ts";
import type { Finding } from "../../../engine/finding.ts";
import type { Stack } from "../../../engine/stack.ts";
import { rivalsOf } from "./claims.ts";
import type { Claims } from "./claims.ts";
import { itemsOf, textsOf } from "../../../model/knownParts.ts";

/** Hosts on a port: `443 shop/shop.example.com`, with the namespace that the routes come from. */
const listeners: Claims = {
  kind: istioGateways,
  of: (gateway, stack) => {
    const { name } = namespaceOf(gateway, stack);
    return itemsOf(gateway.at("spec", "servers")).flatMap((server) => {
      const port = server.at("port", "number").text();
      const bind = server.at("bind").text() ?? "";
      if (typeof port !== "string" || typeof bind !== "string" || isMerged(server)) return [];
      return textsOf(server.at("hosts"))
        .map((written) => gatewayHost(written, name))
        .filter(({ from }) => from !== undefined)
        .map(({ host, from }) => `${bind}${bind && ":"}${port} ${from ?? ""}/${host}`);
    });
  },
};

/** Protocols of which Istio merges servers without TLS: both Gateways serve the routes of the host. */
const MERGED = ["HTTP", "HTTP2", "GRPC", "GRPC-WEB"];

/** @see https://github.com/istio/istio/blob/1.30.0/pilot/pkg/model/gateway.go mergeGateways */
function isMerged(server: Cursor): boolean {
  const protocol = server.at("port", "protocol").text();
  if (server.at("tls").read() !== undefined) return false;
  return typeof protocol === "string" && MERGED.includes(protocol.toUpperCase());
}

/**
 * Reports hosts that two Gateways open on the same port of a gateway, which keeps only the first.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0145/
 */
export function* checkGatewayHosts(gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  const selector = gateway.at("spec", "selector");
  for (const { claim, by } of rivalsOf(gateway, listeners, stack)) {
    if (!selectSameGateway(selector, by.at("spec", "selector"))) continue;
    const [port, host] = claim.split(" ");
    yield `${gateway.at("spec", "servers").path} opens ${host ?? ""} on port ${port ?? ""}, but ${by.label} already opens it on the same gateway, so Istio ignores one of the two. Remove it from one of them.`;
  }
}
