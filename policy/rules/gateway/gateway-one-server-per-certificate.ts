import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { selectSameGateway, selectsEgress } from "../../model/istio/addonGateways.ts";
import { istioGateways } from "../../model/istio/istioConfig.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { rivalsOf } from "../istio/conflicts/claims.ts";
import type { Claims } from "../istio/conflicts/claims.ts";

/** A server that answers HTTPS with a certificate from a Secret. */
interface Server {
  readonly port: string;
  readonly credential: string;
  /** The place that names the Secret. */
  readonly place: Cursor;
}

export const gatewayOneServerPerCertificate = defineRule({
  name: "gateway-one-server-per-certificate",
  displayName: "Each certificate of a gateway has one server",
  description:
    "No two HTTPS servers on the same port of a gateway use the same certificate. Browsers reuse an HTTP/2 connection for every host of a certificate, and a request for a host of the other server then gets a 404.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Put all hosts of a certificate into one server of one Gateway, and refer to that Gateway in the VirtualServices. Or give each server a certificate that is valid only for its own hosts.",
  url: "https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate",
  tags: ["gateway"],
  about: istioGateways,
  unknown: "nothing",
  wholeStack: true,
  *check(gateway, { stack }) {
    if (!stack.complete) return;
    yield* onAddonClusters(gateway, stack, () => judged(gateway, stack));
  },
});

const certificates: Claims = {
  kind: istioGateways,
  of: (gateway) => serversOf(gateway).map(claimOf),
};

function* judged(gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  // Clients of an egress gateway are sidecars, which do not reuse connections for other hosts.
  if (selectsEgress(gateway, stack)) return;
  const servers = serversOf(gateway);
  for (const [index, server] of servers.entries()) {
    const before = servers.slice(0, index).find((one) => claimOf(one) === claimOf(server));
    if (before !== undefined) yield describe(server, before.place.path);
  }
  for (const { claim, by } of rivalsOf(gateway, certificates, stack)) {
    const server = servers.find((one) => claimOf(one) === claim);
    if (server === undefined) continue;
    if (!selectSameGateway(gateway.at("spec", "selector"), by.at("spec", "selector"))) continue;
    yield describe(server, by.label);
  }
}

function describe({ place, port, credential }: Server, other: string): Finding {
  return `${place.path} is ${credential}, which ${other} uses on port ${port} of the same gateway, too. A browser that reuses its connection for a host of the other server gets a 404. Put the hosts of both into one server, or use a certificate for each.`;
}

function claimOf({ port, credential }: Server): string {
  return `${port} ${credential}`;
}

function serversOf({ at }: KubernetesObject): readonly Server[] {
  const servers = at("spec", "servers").items();
  if (servers === undefined || servers instanceof Unknown) return [];
  return servers.flatMap((server): Server[] => {
    const protocol = server.at("port", "protocol").text();
    const port = server.at("port", "number").text();
    const place = server.at("tls", "credentialName");
    const credential = place.text();
    if (typeof protocol !== "string" || protocol.toUpperCase() !== "HTTPS") return [];
    if (typeof port !== "string" || typeof credential !== "string") return [];
    return [{ port, credential, place }];
  });
}
