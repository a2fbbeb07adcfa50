import { INGRESS_NAMESPACE } from "../../../mesh/names.ts";
import { closest } from "../../../mesh/suggest.ts";
import { selectedIngress, selectsEgress } from "../../lib/addonGateways.ts";
import { allUseAddon } from "../../lib/cluster.ts";
import { Unknown } from "../../lib/cursor.ts";
import type { Cursor } from "../../lib/cursor.ts";
import { notListed } from "../../lib/enumeration.ts";
import { gatewayHost } from "../../lib/hosts.ts";
import { istioGateways } from "../../lib/istioConfig.ts";
import type { KubernetesObject } from "../../lib/kubernetes.ts";
import { namespaceOf } from "../../lib/objectNamespace.ts";
import { mayBeUnseen } from "../../lib/opaque.ts";
import { onAddonClusters } from "../../lib/onAddonClusters.ts";
import { Advice, defineRule } from "../../lib/rule.ts";
import type { Finding } from "../../lib/rule.ts";
import type { Stack } from "../../lib/stack.ts";
import { madeSecrets } from "../../lib/tlsSecrets.ts";

/** Protocols of a server that speaks in the clear. */
const PLAIN = ["HTTP", "HTTP2", "GRPC", "GRPC-WEB"];

/** Protocols of a server that speaks TLS. */
const ENCRYPTED = ["HTTPS", "TLS"];

/** What Istio takes below its own least, which is TLS 1.2. */
const OLD_TLS = ["TLSV1_0", "TLSV1_1"];
const LEAST_TLS = "TLSV1_2";

const VERSIONS = ["TLS_AUTO", ...OLD_TLS, LEAST_TLS, "TLSV1_3"];

/** Modes in which a gateway proves itself with a certificate of its own. */
const TERMINATING = ["SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"];
const MODES = [...TERMINATING, "PASSTHROUGH", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL"];

export const gatewayTlsAndHosts = defineRule({
  name: "gateway-tls-and-hosts",
  displayName: "Gateways name their hosts, and answer with TLS",
  description:
    "A Gateway lists the hosts that it answers for, redirects plain HTTP, speaks TLS 1.2 at least, and finds its certificate where the add-on's gateways run.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Replace the host * by names, set tls.httpsRedirect on servers of plain HTTP beside a server of HTTPS, leave out minProtocolVersion or set it to TLSV1_2 or TLSV1_3, and keep the Secret that credentialName names in aks-istio-ingress.",
  url: "https://learn.microsoft.com/azure/aks/istio-secure-gateway",
  tags: ["gateway", "Istio:IST0101", "Istio:IST0161"],
  about: istioGateways,
  unknown: "advice",
  // Secrets may come after what uses them.
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
    yield* notListed(server.at("tls", "mode"), MODES);
    yield* notListed(server.at("tls", "minProtocolVersion"), VERSIONS);
    yield* notListed(server.at("tls", "maxProtocolVersion"), VERSIONS);
    yield* versions(server);
    if (stack.complete) yield* certificate(server, gateway, stack);
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
  } else if (ENCRYPTED.includes(spoken.toUpperCase()) && tls.read() === undefined) {
    yield `${tls.path} is not set, and a server of ${spoken} is none without. Set its mode, and credentialName where the gateway ends TLS.`;
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

/** What is wrong with the certificate of a server on one of the add-on's gateways. */
function* certificate(server: Cursor, gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  const mode = server.at("tls", "mode").text();
  if (selectedIngress(gateway.at("spec", "selector")) === undefined) return;
  if (typeof mode !== "string" || !TERMINATING.includes(mode)) return;
  const place = server.at("tls", "credentialName");
  const name = place.text();
  if (name instanceof Unknown) return;
  if (name === undefined) {
    const many = server.at("tls", "credentialNames");
    if (many.read() !== undefined) return;
    yield `${place.path} is not set, and the gateway has no other way to its certificate. Name a Secret in ${INGRESS_NAMESPACE}.`;
    return;
  }
  if (mayBeUnseen(gateway, INGRESS_NAMESPACE, stack)) return;
  const all = stack.all(madeSecrets).map((secret) => ({
    secret,
    namespace: namespaceOf(secret, stack).name,
  }));
  const called = all.filter(({ secret }) => secret.secretName === name);
  const elsewhere = called.filter(
    ({ namespace }) => namespace !== undefined && namespace !== INGRESS_NAMESPACE,
  );
  const [misplaced] = elsewhere;
  if (misplaced !== undefined && elsewhere.length === called.length) {
    yield `${place.path} is ${name}, which ${misplaced.secret.label} makes in ${misplaced.namespace ?? ""}, where the gateway does not look. Make it in ${INGRESS_NAMESPACE}.`;
  } else if (called.length === 0) {
    const there = all
      .filter(({ namespace }) => namespace === INGRESS_NAMESPACE)
      .map(({ secret }) => secret.secretName)
      .filter((one) => typeof one === "string");
    const meant = closest(name, there);
    if (meant === undefined) return;
    yield new Advice(
      `${place.path} is ${name}, which nothing in the stack makes in ${INGRESS_NAMESPACE}. Did you mean ${meant}?`,
    );
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
