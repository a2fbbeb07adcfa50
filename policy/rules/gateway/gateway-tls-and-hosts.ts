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

/** The protocols without encryption. */
const PLAIN = ["HTTP", "HTTP2", "GRPC", "GRPC-WEB"];

/** Versions that Istio accepts below its default minimum, TLS 1.2. */
const OLD_TLS = ["TLSV1_0", "TLSV1_1"];
const MINIMUM_TLS = "TLSV1_2";

export const gatewayTlsAndHosts = defineRule({
  name: "gateway-tls-and-hosts",
  displayName: "Gateways list their hosts, redirect HTTP and require TLS 1.2",
  description:
    "A Gateway lists the hosts that it serves, redirects HTTP to HTTPS, and requires TLS 1.2 or later.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Replace the host * with host names. On HTTP servers, set tls.httpsRedirect to true, and add an HTTPS server for the same hosts. Remove minProtocolVersion, or set it to TLSV1_2 or TLSV1_3.",
  url: "https://learn.microsoft.com/azure/aks/istio-secure-gateway",
  tags: ["gateway"],
  about: istioGateways,
  unknown: "unjudged",
  wholeStack: true,
  *check(gateway, { stack }) {
    yield* onAddonClusters(gateway, stack, () => checkServers(gateway, stack));
  },
  remediate(gateway, { stack }) {
    const servers = gateway.at("spec", "servers").items();
    if (servers === undefined || servers instanceof Unknown) return false;
    if (allUseAddon(stack.clustersOf(gateway.resource)) !== true) return false;
    const outward = selectsEgress(gateway, stack);
    return servers.map((server) => remediateServer(server, servers, outward)).includes(true);
  },
});

function* checkServers(gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  const servers = gateway.at("spec", "servers").items();
  if (servers instanceof Unknown) yield servers;
  if (servers === undefined || servers instanceof Unknown) return;
  const outward = selectsEgress(gateway, stack);
  for (const server of servers) {
    yield* checkHosts(server);
    // For traffic that leaves the mesh, the destination decides whether it is encrypted.
    if (!outward) yield* checkRedirect(server);
    yield* checkMinimumVersion(server);
  }
}

function* checkHosts(server: Cursor): Iterable<Finding> {
  const places = server.at("hosts").items();
  if (places instanceof Unknown) yield places;
  if (places === undefined || places instanceof Unknown) return;
  for (const place of places) {
    const written = place.text();
    if (typeof written === "string" && gatewayHost(written, undefined).host === "*") {
      yield `${place.path} is ${JSON.stringify(written)}, so the gateway accepts every host, and any namespace can route its requests. List the hosts.`;
    }
  }
}

function* checkRedirect(server: Cursor): Iterable<Finding> {
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
      yield `${redirect.path} is ${redirects === undefined ? "not set" : "false"}, so the gateway serves ${spoken} on ${portOf(server)} unencrypted. Set it to true, and add an HTTPS server for the same hosts.`;
    }
  }
}

function* checkMinimumVersion(server: Cursor): Iterable<Finding> {
  const place = server.at("tls", "minProtocolVersion");
  const minimum = place.text();
  if (minimum instanceof Unknown) yield minimum;
  else if (minimum !== undefined && OLD_TLS.includes(minimum)) {
    yield `${place.path} is ${minimum}, which is not secure. Set it to ${MINIMUM_TLS}, or remove it, because ${MINIMUM_TLS} is the default.`;
  }
}

function portOf(server: Cursor): string {
  const number = server.at("port", "number").text();
  return typeof number === "string" ? `port ${number}` : "an unknown port";
}

function remediateServer(server: Cursor, servers: readonly Cursor[], outward: boolean): boolean {
  const minimum = server.at("tls", "minProtocolVersion");
  const redirect = server.at("tls", "httpsRedirect");
  const old = OLD_TLS.includes(String(minimum.read()));
  if (old) minimum.write(MINIMUM_TLS);
  const plain = server.at("port", "protocol").text();
  if (outward || plain !== "HTTP" || !redirect.free || !isServedByTls(server, servers)) return old;
  redirect.write(true);
  return true;
}

/** Whether HTTPS servers serve every host of a server, so a redirect leads somewhere. */
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
