import { describe, expect, test } from "vitest";
import type { ClusterObject } from "../../../../operate/cluster/clusterObject.ts";
import type { KindName } from "../../../../operate/cluster/kinds.ts";
import { BASE, CLIENT, SERVER, config, entered, explained, pod, service } from "./objects.ts";
import type { Asked } from "./objects.ts";

/** The answer and how the request ends: `yes allowed`. */
function verdict(objects: readonly ClusterObject[], asked: Asked = {}): string {
  const { answer, outcome } = explained(objects, asked).verdict;
  return `${answer} ${outcome}`;
}

const ALLOWED = "yes allowed";
const UNKNOWN = "unknown unknown";
const peer = (namespace: string, mode: string, selector?: object) =>
  config("PeerAuthentication", namespace, `${namespace}-${mode}`.toLowerCase(), {
    mtls: { mode },
    ...(selector !== undefined && { selector: { matchLabels: selector } }),
  });
const rule = (spec: object, namespace = "shop") =>
  config("DestinationRule", namespace, "server", {
    host: "server.shop.svc.cluster.local",
    ...spec,
  });
const tls = (mode: string) => rule({ trafficPolicy: { tls: { mode } } });
const MESH = "aks-istio-system";
const plainClient = pod("front", "client", { mesh: "none" });
const plainServer = pod("shop", "server", { mesh: "none" });
const withServer = (server: ClusterObject) => [CLIENT, server, service("shop", "server")];

describe("mutual TLS", () => {
  test.each<[string, readonly ClusterObject[], Asked, string]>([
    ["is the default", BASE, {}, ALLOWED],
    ["strict, both in the mesh", [...BASE, peer(MESH, "STRICT")], {}, ALLOWED],
    [
      "strict, a client outside",
      [...BASE, peer(MESH, "STRICT")],
      { from: plainClient },
      "no fails: connection reset",
    ],
    [
      "strict in a namespace without meaning",
      [...BASE, peer("istio-system", "STRICT")],
      { from: plainClient },
      ALLOWED,
    ],
    ["permissive, a client outside", BASE, { from: plainClient }, ALLOWED],
    [
      "the namespace overrides the mesh",
      [...BASE, peer(MESH, "STRICT"), peer("shop", "PERMISSIVE")],
      { from: plainClient },
      ALLOWED,
    ],
    [
      "the workload overrides the namespace",
      [...BASE, peer("shop", "PERMISSIVE"), peer("shop", "STRICT", { app: "server" })],
      { from: plainClient },
      "no fails: connection reset",
    ],
    [
      "another workload's does not",
      [...BASE, peer("shop", "STRICT", { app: "other" })],
      { from: plainClient },
      ALLOWED,
    ],
    [
      "UNSET inherits",
      [...BASE, peer(MESH, "STRICT"), peer("shop", "UNSET")],
      { from: plainClient },
      "no fails: connection reset",
    ],
    [
      "a selector in the root namespace does not count",
      [...BASE, peer(MESH, "STRICT", { app: "server" })],
      { from: plainClient },
      ALLOWED,
    ],
    ["a server without a proxy", withServer(plainServer), {}, ALLOWED],
    [
      "DISABLE to a strict server",
      [...BASE, peer("shop", "STRICT"), tls("DISABLE")],
      {},
      "no fails: 503",
    ],
    ["DISABLE to a permissive server", [...BASE, tls("DISABLE")], {}, ALLOWED],
    ["ISTIO_MUTUAL to a server in the mesh", [...BASE, tls("ISTIO_MUTUAL")], {}, ALLOWED],
    [
      "ISTIO_MUTUAL to a server without a proxy",
      [...withServer(plainServer), tls("ISTIO_MUTUAL")],
      {},
      "no fails: 503",
    ],
    [
      "ISTIO_MUTUAL to a server with DISABLE",
      [...BASE, tls("ISTIO_MUTUAL"), peer("shop", "DISABLE")],
      {},
      "no fails: 503",
    ],
    ["by itself to a server with DISABLE", [...BASE, peer("shop", "DISABLE")], {}, ALLOWED],
    [
      "SIMPLE to a strict server",
      [...BASE, tls("SIMPLE"), peer("shop", "STRICT")],
      {},
      "no fails: 503",
    ],
    ["SIMPLE to a permissive server", [...BASE, tls("SIMPLE")], {}, UNKNOWN],
    [
      "a rule that another client selects",
      [
        ...BASE,
        peer("shop", "STRICT"),
        rule({
          trafficPolicy: { tls: { mode: "DISABLE" } },
          workloadSelector: { matchLabels: { app: "other" } },
        }),
      ],
      {},
      ALLOWED,
    ],
    [
      "a rule that is not exported",
      [
        ...BASE,
        peer("shop", "STRICT"),
        rule({ exportTo: ["."], trafficPolicy: { tls: { mode: "DISABLE" } } }),
      ],
      {},
      ALLOWED,
    ],
    [
      "the client's own rule goes first",
      [...BASE, peer("shop", "STRICT"), tls("DISABLE"), rule({}, "front")],
      {},
      ALLOWED,
    ],
    [
      "the settings of the port replace the host's",
      [
        ...BASE,
        peer("shop", "STRICT"),
        rule({
          trafficPolicy: {
            tls: { mode: "DISABLE" },
            portLevelSettings: [{ port: { number: 80 }, tls: { mode: "ISTIO_MUTUAL" } }],
          },
        }),
      ],
      {},
      ALLOWED,
    ],
    [
      "the settings of another port do not",
      [
        ...BASE,
        peer("shop", "STRICT"),
        rule({
          trafficPolicy: {
            tls: { mode: "DISABLE" },
            portLevelSettings: [{ port: { number: 81 }, tls: { mode: "ISTIO_MUTUAL" } }],
          },
        }),
      ],
      {},
      "no fails: 503",
    ],
    [
      "the client excludes the port",
      [...BASE.slice(1), peer("shop", "STRICT")],
      {
        from: pod("front", "client", {
          annotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": "80" },
        }),
      },
      "no fails: connection reset",
    ],
    [
      "the client excludes another port",
      [...BASE.slice(1), peer("shop", "STRICT")],
      {
        from: pod("front", "client", {
          annotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": "8080" },
        }),
      },
      ALLOWED,
    ],
  ])("%s", (_, objects, asked, expected) => {
    expect(verdict(objects, asked)).toBe(expected);
  });

  test.each<[number, string]>([
    [8080, ALLOWED],
    [80, "no fails: connection reset"],
  ])("portLevelMtls is about the port of the pod, not of the Service: %d", (port, expected) => {
    const policy = config("PeerAuthentication", "shop", "server", {
      selector: { matchLabels: { app: "server" } },
      mtls: { mode: "STRICT" },
      portLevelMtls: { [port]: { mode: "DISABLE" } },
    });
    expect(verdict([...BASE, policy], { from: plainClient })).toBe(expected);
  });
});

describe("the service", () => {
  test.each<[string, readonly ClusterObject[], Asked, string]>([
    ["does not have the port", BASE, { call: { port: 81 } }, "no fails: 503"],
    [
      "does not exist, without a proxy",
      BASE,
      { from: plainClient, call: { host: "x.shop.svc.cluster.local" } },
      "no fails: host not found",
    ],
    ["has no ready pod", withServer(pod("shop", "server", { ready: false })), {}, "no fails: 503"],
    ["selects no pod", [CLIENT, service("shop", "server")], {}, "no fails: 503"],
    [
      "selects no pod, without a proxy",
      [service("shop", "server")],
      { from: plainClient },
      "no fails: connection refused",
    ],
  ])("%s", (_, objects, asked, expected) => {
    expect(verdict(objects, asked)).toBe(expected);
  });
});

describe("hosts that a proxy does not know", () => {
  const registryOnly = {
    ...config("ConfigMap", MESH, "istio-shared-configmap-asm-1-30", {}),
    data: { mesh: "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n" },
  };
  const scope = (...hosts: string[]) =>
    config("Sidecar", "front", "default", { egress: [{ hosts }] });
  const entry = (spec: object = {}) =>
    config("ServiceEntry", "front", "api", {
      hosts: ["api.example.com"],
      ports: [{ number: 80, name: "http", protocol: "HTTP" }],
      ...spec,
    });
  const api = { call: { host: "api.example.com" } };
  test.each<[string, readonly ClusterObject[], Asked, string]>([
    ["outside, any allowed", BASE, api, ALLOWED],
    ["outside, only registered ones allowed", [...BASE, registryOnly], api, "no fails: 502"],
    [
      "the same over TLS",
      [...BASE, registryOnly],
      { call: { ...api.call, protocol: "TLS", port: 443 } },
      "no fails: connection reset",
    ],
    ["the same without a proxy", [...BASE, registryOnly], { ...api, from: plainClient }, ALLOWED],
    ["registered", [...BASE, registryOnly, entry()], api, ALLOWED],
    [
      "registered for another namespace",
      [...BASE, registryOnly, entry({ exportTo: ["shop"] })],
      api,
      "no fails: 502",
    ],
    [
      "a Sidecar that includes the namespace",
      [...BASE, registryOnly, scope("./*", "shop/*")],
      {},
      ALLOWED,
    ],
    [
      "a Sidecar that includes the host",
      [...BASE, registryOnly, scope("*/server.shop.svc.cluster.local")],
      {},
      ALLOWED,
    ],
    ["a Sidecar that leaves it out", [...BASE, registryOnly, scope("./*")], {}, "no fails: 502"],
    [
      "a Sidecar that leaves it out, any allowed, to a strict server",
      [...BASE, scope("./*"), peer("shop", "STRICT")],
      {},
      "no fails: connection reset",
    ],
    ["a Sidecar that leaves it out, any allowed", [...BASE, scope("./*")], {}, ALLOWED],
    ["ConfigMaps that were not read", BASE, { ...api, unread: ["ConfigMap"] }, UNKNOWN],
  ])("%s", (_, objects, asked, expected) => {
    expect(verdict(objects, asked)).toBe(expected);
  });
});

describe("routes", () => {
  const virtual = (...http: object[]) =>
    config("VirtualService", "shop", "server", { hosts: ["server"], http });
  const to = (destination: object, weight?: number) => ({
    destination: { host: "server", ...destination },
    ...(weight !== undefined && { weight }),
  });
  const subsets = rule({ subsets: [{ name: "v1", labels: { version: "v1" } }] });
  const v1 = pod("shop", "server", { labels: { version: "v1" } });
  test.each<[string, readonly ClusterObject[], Asked, string]>([
    ["to the service", [...BASE, virtual({ route: [to({})] })], {}, ALLOWED],
    [
      "without a match",
      [...BASE, virtual({ match: [{ uri: { prefix: "/api" } }], route: [to({})] })],
      {},
      "no fails: 404",
    ],
    [
      "with the prefix",
      [...BASE, virtual({ match: [{ uri: { prefix: "/api" } }], route: [to({})] })],
      { call: { path: "/api/x" } },
      ALLOWED,
    ],
    [
      "with another method",
      [...BASE, virtual({ match: [{ method: { exact: "POST" } }], route: [to({})] })],
      {},
      "no fails: 404",
    ],
    [
      "with a header",
      [...BASE, virtual({ match: [{ headers: { end: { exact: "x" } } }], route: [to({})] })],
      {},
      UNKNOWN,
    ],
    [
      "with a regular expression",
      [...BASE, virtual({ match: [{ uri: { regex: "/a+" } }], route: [to({})] })],
      { call: { path: "/aa" } },
      ALLOWED,
    ],
    [
      "with one that matches only a part",
      [...BASE, virtual({ match: [{ uri: { regex: "/a+" } }], route: [to({})] })],
      { call: { path: "/aab" } },
      "no fails: 404",
    ],
    [
      "to a subset",
      [...withServer(v1), subsets, virtual({ route: [to({ subset: "v1" })] })],
      {},
      ALLOWED,
    ],
    [
      "to a subset without pods",
      [...BASE, subsets, virtual({ route: [to({ subset: "v1" })] })],
      {},
      "no fails: 503",
    ],
    [
      "to a subset that no rule has",
      [...withServer(v1), virtual({ route: [to({ subset: "v1" })] })],
      {},
      "no fails: 503",
    ],
    [
      "to a host that does not exist",
      [...BASE, virtual({ route: [to({ host: "gone" })] })],
      {},
      "no fails: 503",
    ],
    [
      "to two hosts, one of which does not exist",
      [...BASE, virtual({ route: [to({}, 90), to({ host: "gone" }, 10)] })],
      {},
      "no fails: 503",
    ],
    [
      "to the other with weight 0",
      [...BASE, virtual({ route: [to({}, 100), to({ host: "gone" }, 0)] })],
      {},
      ALLOWED,
    ],
    [
      "for a gateway only",
      [
        ...BASE,
        {
          ...virtual({ route: [to({ host: "gone" })] }),
          spec: { hosts: ["server"], gateways: ["shop/edge"], http: [] },
        },
      ],
      {},
      ALLOWED,
    ],
    ["that redirect", [...BASE, virtual({ redirect: { uri: "/x" } })], {}, "no redirected: 301"],
    [
      "that inject faults",
      [
        ...BASE,
        virtual({
          fault: { abort: { httpStatus: 418, percentage: { value: 100 } } },
          route: [to({})],
        }),
      ],
      {},
      "no fails: 418",
    ],
    [
      "that inject faults into no share of the requests",
      [...BASE, virtual({ fault: { abort: { httpStatus: 418 } }, route: [to({})] })],
      {},
      ALLOWED,
    ],
    [
      "that inject some faults",
      [
        ...BASE,
        virtual({
          fault: { abort: { httpStatus: 418, percentage: { value: 1 } } },
          route: [to({})],
        }),
      ],
      {},
      UNKNOWN,
    ],
  ])("%s", (_, objects, asked, expected) => {
    expect(verdict(objects, asked)).toBe(expected);
  });

  test("a rewrite changes the path that policies see", () => {
    const only = (path: string) =>
      config("AuthorizationPolicy", "shop", "x", {
        rules: [{ to: [{ operation: { paths: [path] } }] }],
      });
    const rewrite = virtual({
      match: [{ uri: { prefix: "/api/" } }],
      rewrite: { uri: "/" },
      route: [to({})],
    });
    const asked = { call: { path: "/api/echo" } };
    expect(verdict([...BASE, rewrite, only("/echo")], asked)).toBe(ALLOWED);
    expect(verdict([...BASE, rewrite, only("/api/echo")], asked)).toBe("no denied: 403");
  });
});

describe("a kind that was not read", () => {
  test.each<KindName>([
    "security.istio.io/AuthorizationPolicy",
    "security.istio.io/PeerAuthentication",
    "networking.istio.io/VirtualService",
    "networking.istio.io/Sidecar",
  ])("makes the verdict unknown: %s", (kind) => {
    expect(explained(BASE, { unread: [kind] }).verdict).toEqual({
      answer: "unknown",
      outcome: "unknown",
      message: `You may not list ${kind}.`,
      fix: `Ask for ${kind}.`,
    });
  });

  test.each<[KindName, readonly string[]]>([
    ["Namespace", []],
    ["networking.istio.io/ServiceEntry", ["service"]],
    ["security.istio.io/PeerAuthentication", ["mutual TLS"]],
    ["security.istio.io/AuthorizationPolicy", ["authorization"]],
    ["networking.istio.io/DestinationRule", ["mutual TLS"]],
  ])("makes the steps unknown that it decides: %s", (kind, unknown) => {
    const { steps } = explained(BASE, { unread: [kind] });
    const answered = (answer: string) =>
      steps.filter((step) => step.answer === answer).map(({ name }) => name);
    expect(answered("unknown")).toEqual(unknown);
    expect([...answered("unknown"), ...answered("yes")]).toHaveLength(4);
  });

  test("is named by its step, with what holds without it", () => {
    const kind = "security.istio.io/AuthorizationPolicy";
    expect(explained(BASE, { unread: [kind] }).steps.at(-1)).toEqual({
      name: "authorization",
      answer: "unknown",
      message: `You may not list ${kind}. If there are none: No AuthorizationPolicy limits who may send requests to Pod shop/server.`,
      fix: `Ask for ${kind}.`,
    });
  });
});

describe("a gateway", () => {
  const gatewayPod = pod("aks-istio-ingress", "gw", {
    mesh: "gateway",
    labels: { istio: "aks-istio-ingressgateway-external" },
  });
  const gateway = (...servers: object[]) =>
    config("Gateway", "shop", "edge", {
      selector: { istio: "aks-istio-ingressgateway-external" },
      servers,
    });
  const http = {
    port: { number: 80, name: "http", protocol: "HTTP" },
    hosts: ["shop.example.com"],
  };
  const https = {
    port: { number: 443, name: "https", protocol: "HTTPS" },
    hosts: ["shop.example.com"],
    tls: { mode: "SIMPLE", credentialName: "cert" },
  };
  const virtual = config("VirtualService", "shop", "edge", {
    hosts: ["shop.example.com"],
    gateways: ["edge"],
    http: [{ route: [{ destination: { host: "server" } }] }],
  });
  const secret = (namespace: string): ClusterObject => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "cert", namespace },
  });
  const strict = peer(MESH, "STRICT");
  const inside = [SERVER, service("shop", "server"), gatewayPod, virtual, strict];
  const shop = { host: "shop.example.com" };
  const secure = { ...shop, port: 443, protocol: "TLS" } as const;
  test.each<[string, readonly ClusterObject[], object, string]>([
    ["over HTTP", [...inside, gateway(http)], shop, ALLOWED],
    ["over HTTPS", [...inside, gateway(https), secret("aks-istio-ingress")], secure, ALLOWED],
    [
      "with the Secret in another namespace",
      [...inside, gateway(https), secret("shop")],
      secure,
      "no fails: connection reset",
    ],
    [
      "that redirects to HTTPS",
      [...inside, gateway({ ...http, tls: { httpsRedirect: true } })],
      shop,
      "no redirected: 301",
    ],
    [
      "on a port that no server has",
      [...inside, gateway(http)],
      { ...shop, port: 8080 },
      "no fails: connection refused",
    ],
    [
      "without a gateway for the host",
      [...inside, gateway(http)],
      { host: "other.example.com" },
      "no fails: 404",
    ],
    [
      "without a route",
      [...inside.filter((one) => one !== virtual), gateway(http)],
      shop,
      "no fails: 404",
    ],
    [
      "for namespaces that the policy allows",
      [
        ...inside,
        gateway(http),
        config("AuthorizationPolicy", "shop", "a", {
          rules: [{ from: [{ source: { namespaces: ["aks-istio-ingress"] } }] }],
        }),
      ],
      shop,
      ALLOWED,
    ],
    [
      "for namespaces that the policy does not allow",
      [
        ...inside,
        gateway(http),
        config("AuthorizationPolicy", "shop", "a", {
          rules: [{ from: [{ source: { namespaces: ["front"] } }] }],
        }),
      ],
      shop,
      "no denied: 403",
    ],
    [
      "whose client's address decides",
      [
        ...inside,
        gateway(http),
        config("AuthorizationPolicy", "aks-istio-ingress", "a", {
          rules: [{ from: [{ source: { ipBlocks: ["203.0.113.0/24"] } }] }],
        }),
      ],
      shop,
      UNKNOWN,
    ],
  ])("%s", (_, objects, call, expected) => {
    const { answer, outcome } = entered(objects, call).verdict;
    expect(`${answer} ${outcome}`).toBe(expected);
  });
});
