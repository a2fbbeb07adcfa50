import { selectsEgress } from "../../model/istio/addonGateways.ts";
import { allUseAddon } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { gatewayHost } from "../../model/istio/hosts.ts";
import { istioGateways } from "../../model/istio/istioConfig.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/** Protocols of a server that speaks in the clear. */
const PLAIN = ["HTTP", "HTTP2", "GRPC", "GRPC-WEB"];

/** What Istio takes below its own least, which is TLS 1.2. */
const OLD_TLS = ["TLSV1_0", "TLSV1_1"];
const LEAST_TLS = "TLSV1_2";

export const gatewayTlsAndHosts = defineRule({
  name: "gateway-tls-and-hosts",
  displayName: "Gateways list their hosts, redirect HTTP and require TLS 1.2",
  description:
    "A Gateway lists the hosts that it serves, redirects plain HTTP, and requires TLS 1.2 or later.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Replace the host * by names, set tls.httpsRedirect on servers of plain HTTP beside a server of HTTPS, and leave out minProtocolVersion or set it to TLSV1_2 or TLSV1_3.",
  url: "https://learn.microsoft.com/azure/aks/istio-secure-gateway",
  tags: ["gateway"],
  about: istioGateways,
  unknown: "unjudged",
  wholeStack: true,
  *check(gateway, { stack }) {
    yield* onAddonClusters(gateway, stack, () => judged(gateway, stack));
  },
  remediate(gateway, { stack }) {
    const servers = gateway.at("spec", "servers").items();
    if (servers === undefined || servers instanceof Unknown) return false;
    if (allUseAddon(stack.clustersOf(gateway.resource)) !== true) return false;
    const mended = servers.map((server) => mend(server, servers, selectsEgress(gateway, stack)));
    return mended.includes(true);
  },
});

function* judged(gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  const servers = gateway.at("spec", "servers").items();
  if (servers instanceof Unknown) yield servers;
  if (servers === undefined || servers instanceof Unknown) return;
  const outward = selectsEgress(gateway, stack);
  for (const server of servers) {
    yield* hosts(server);
    // What leaves the mesh is encrypted, or not, by whoever answers outside.
    if (!outward) yield* protocol(server);
    yield* versions(server);
  }
}

function* hosts(server: Cursor): Iterable<Finding> {
  const places = server.at("hosts").items();
  if (places instanceof Unknown) yield places;
  if (places === undefined || places instanceof Unknown) return;
  for (const place of places) {
    const written = place.text();
    if (typeof written === "string" && gatewayHost(written, undefined).host === "*") {
      yield `${place.path} is ${JSON.stringify(written)}, so that the gateway answers for every host, and any namespace may take the requests for it. List the hosts.`;
    }
  }
}

function* protocol(server: Cursor): Iterable<Finding> {
  const place = server.at("port", "protocol");
  const spoken = place.text();
  if (spoken instanceof Unknown) yield spoken;
  if (spoken === undefined || spoken instanceof Unknown) return;
  const tls = server.at("tls");
  if (PLAIN.includes(spoken.toUpperCase())) {
    const redirect = tls.at("httpsRedirect");
    const redirects = redirect.flag();
    if (redirects instanceof Unknown) yield redirects;
    else if (redirects !== true) {
      yield `${redirect.path} is ${redirects === undefined ? "not set" : "false"}, so that ${spoken} on port ${port(server)} is answered in the clear. Set it to true, with a server of HTTPS beside it.`;
    }
  }
}

function* versions(server: Cursor): Iterable<Finding> {
  const place = server.at("tls", "minProtocolVersion");
  const least = place.text();
  if (least instanceof Unknown) yield least;
  else if (least !== undefined && OLD_TLS.includes(least)) {
    yield `${place.path} is ${least}, which is no longer secure. Set it to ${LEAST_TLS}, or leave it out, which means the same.`;
  }
}

function port(server: Cursor): string {
  const number = server.at("port", "number").text();
  return typeof number === "string" ? number : "of an unknown number";
}

function mend(server: Cursor, servers: readonly Cursor[], outward: boolean): boolean {
  const least = server.at("tls", "minProtocolVersion");
  const redirect = server.at("tls", "httpsRedirect");
  const old = OLD_TLS.includes(String(least.read()));
  if (old) least.write(LEAST_TLS);
  const plain = server.at("port", "protocol").text();
  if (outward || plain !== "HTTP" || !redirect.free || !isServedByTls(server, servers)) return old;
  redirect.write(true);
  return true;
}

/** Whether every host of a server is one of a server of HTTPS too, so that a redirect leads somewhere. */
function isServedByTls(server: Cursor, servers: readonly Cursor[]): boolean {
  const secure = servers
    .filter((one) => one.at("port", "protocol").text() === "HTTPS")
    .flatMap((one) => textsAt(one.at("hosts")));
  const plain = textsAt(server.at("hosts"));
  return plain.length > 0 && plain.every((host) => host !== undefined && secure.includes(host));
}

function textsAt(list: Cursor): readonly (string | undefined)[] {
  const items = list.items();
  if (items === undefined || items instanceof Unknown) return [];
  return items.map((item) => {
    const text = item.text();
    return text instanceof Unknown ? undefined : text;
  });
}
