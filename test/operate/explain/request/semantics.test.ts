import { describe, expect, test } from "vitest";
import type { ClusterObject } from "../../../../operate/cluster/clusterObject.ts";
import { BASE, CLIENT, SERVER, config, entered, explained, pod, service } from "./objects.ts";
import type { Asked } from "./objects.ts";

/** Cases that Istio's reference decides and that are easy to get wrong, each judged by hand. */
type Case = readonly [name: string, objects: readonly ClusterObject[], asked: Asked, says: string];

const ALLOWED = "yes allowed";
const UNKNOWN = "unknown unknown";
const MESH = "aks-istio-system";
const HOST = "server.shop.svc.cluster.local";

function judge(objects: readonly ClusterObject[], asked: Asked): string {
  const { answer, outcome } = explained(objects, asked).verdict;
  return `${answer} ${outcome}`;
}

const plainClient = pod("front", "client", { mesh: "none" });
const peer = (spec: object) => config("PeerAuthentication", "shop", "server", spec);
const ofServer = { selector: { matchLabels: { app: "server" } } };
const rule = (spec: object) => config("DestinationRule", "shop", "server", { host: HOST, ...spec });
const withServer = (shape: Parameters<typeof pod>[2], ...more: readonly ClusterObject[]) => [
  CLIENT,
  pod("shop", "server", shape),
  service("shop", "server"),
  ...more,
];
const excluded = { annotations: { "traffic.sidecar.istio.io/excludeInboundPorts": "8080" } };

describe("mutual TLS of a port", () => {
  const strictPort = (mode: string) =>
    peer({ ...ofServer, mtls: { mode }, portLevelMtls: { 8080: { mode: "STRICT" } } });
  test.each<Case>([
    [
      "the port of the pod counts",
      [...BASE, strictPort("PERMISSIVE")],
      { from: plainClient },
      "no fails: connection reset",
    ],
    [
      "the port of the Service does not",
      [...BASE, peer({ ...ofServer, portLevelMtls: { 80: { mode: "STRICT" } } })],
      { from: plainClient },
      ALLOWED,
    ],
    [
      "it overrides the workload's mode",
      [
        ...BASE,
        peer({
          ...ofServer,
          mtls: { mode: "STRICT" },
          portLevelMtls: { 8080: { mode: "PERMISSIVE" } },
        }),
      ],
      { from: plainClient },
      ALLOWED,
    ],
    [
      "UNSET inherits the workload's mode",
      [
        ...BASE,
        peer({ ...ofServer, mtls: { mode: "STRICT" }, portLevelMtls: { 8080: { mode: "UNSET" } } }),
      ],
      { from: plainClient },
      "no fails: connection reset",
    ],
    [
      "a mode of a later Istio is not known",
      [...BASE, peer({ mtls: { mode: "QUANTUM" } })],
      {},
      UNKNOWN,
    ],
    [
      "without a selector it has no effect",
      [...BASE, peer({ portLevelMtls: { 8080: { mode: "STRICT" } } })],
      { from: plainClient },
      ALLOWED,
    ],
    [
      "an excluded port gets TLS that its application does not speak",
      withServer(excluded),
      {},
      "no fails: 503",
    ],
    [
      "an excluded port that clients call without TLS",
      withServer(excluded, rule({ trafficPolicy: { tls: { mode: "DISABLE" } } })),
      {},
      ALLOWED,
    ],
    [
      "an excluded port for which the server accepts no TLS",
      withServer(excluded, peer({ ...ofServer, portLevelMtls: { 8080: { mode: "DISABLE" } } })),
      {},
      ALLOWED,
    ],
    [
      "an excluded port, and a client without a proxy",
      withServer(excluded),
      { from: plainClient },
      ALLOWED,
    ],
  ])("%s", (_, objects, asked, says) => {
    expect(judge(objects, asked)).toBe(says);
  });
});

describe("a DestinationRule", () => {
  const strict = peer({ mtls: { mode: "STRICT" } });
  const off = { tls: { mode: "DISABLE" } };
  const other = { connectionPool: { tcp: { maxConnections: 1 } } };
  const toV1 = config("VirtualService", "shop", "server", {
    hosts: ["server"],
    http: [{ route: [{ destination: { host: "server", subset: "v1" } }] }],
  });
  const subset = (trafficPolicy: object) =>
    rule({
      trafficPolicy: off,
      subsets: [{ name: "v1", labels: { app: "server" }, trafficPolicy }],
    });
  const ofPort = (number: number, policy: object) => ({
    portLevelSettings: [{ port: { number }, ...policy }],
  });
  test.each<Case>([
    [
      "without a mode disables TLS",
      [...BASE, strict, rule({ trafficPolicy: { tls: {} } })],
      {},
      "no fails: 503",
    ],
    [
      "of the port's settings replaces the host's",
      [...BASE, strict, rule({ trafficPolicy: { ...off, ...ofPort(80, other) } })],
      {},
      ALLOWED,
    ],
    [
      "of another port's settings does not",
      [...BASE, strict, rule({ trafficPolicy: { ...off, ...ofPort(81, other) } })],
      {},
      "no fails: 503",
    ],
    [
      "of a subset inherits the host's mode",
      [...BASE, strict, toV1, subset(other)],
      {},
      "no fails: 503",
    ],
    [
      "of a subset's port inherits nothing",
      [...BASE, strict, toV1, subset(ofPort(80, other))],
      {},
      ALLOWED,
    ],
    [
      "of a subset's other port inherits the host's mode",
      [...BASE, strict, toV1, subset(ofPort(81, other))],
      {},
      "no fails: 503",
    ],
  ])("%s", (_, objects, asked, says) => {
    expect(judge(objects, asked)).toBe(says);
  });
});

describe("an AuthorizationPolicy", () => {
  const policy = (spec: object, annotations: Readonly<Record<string, string>> = {}) => {
    const object = config("AuthorizationPolicy", "shop", "p", spec);
    return { ...object, metadata: { ...object.metadata, annotations } };
  };
  const denied = "no denied: 403";
  const from = (...sources: readonly object[]) => ({
    rules: [{ from: sources.map((source) => ({ source })) }],
  });
  const all = { rules: [{}] };
  test.each<Case>([
    [
      "with an action of a later Istio",
      [...BASE, policy({ action: "LIMIT", ...all })],
      {},
      UNKNOWN,
    ],
    ["with an action that is no text", [...BASE, policy({ action: 1, ...all })], {}, UNKNOWN],
    [
      "with an unknown action, and one that denies",
      [...BASE, policy({ action: "LIMIT" }), policy({ action: "DENY", ...all })],
      {},
      denied,
    ],
    ["with null as the action allows", [...BASE, policy({ action: null, ...all })], {}, ALLOWED],
    [
      "of a dry run, as Go reads it",
      [...BASE, policy({ action: "DENY", ...all }, { "istio.io/dry-run": "T" })],
      {},
      ALLOWED,
    ],
    [
      "of no dry run",
      [...BASE, policy({ action: "DENY", ...all }, { "istio.io/dry-run": "yes" })],
      {},
      denied,
    ],
    ["with a field of a later Istio", [...BASE, policy(from({ clusters: ["a"] }))], {}, UNKNOWN],
    [
      "with such a field, and one that does not match",
      [...BASE, policy(from({ clusters: ["a"], namespaces: ["x"] }))],
      {},
      denied,
    ],
    [
      "with such a field, and another source that matches",
      [...BASE, policy(from({ clusters: ["a"] }, { namespaces: ["front"] }))],
      {},
      ALLOWED,
    ],
    [
      "with a block that is too long",
      [...BASE, policy(from({ ipBlocks: ["10.0.0.0/33"] }))],
      {},
      denied,
    ],
    [
      "with a block that has no length",
      [...BASE, policy(from({ ipBlocks: ["10.0.0.0/"] }))],
      {},
      denied,
    ],
    ["with all addresses", [...BASE, policy(from({ ipBlocks: ["0.0.0.0/0"] }))], {}, ALLOWED],
  ])("%s", (_, objects, asked, says) => {
    expect(judge(objects, asked)).toBe(says);
  });
});

describe("a Sidecar", () => {
  const sidecar = (...egress: readonly object[]) =>
    config("Sidecar", "front", "default", { egress });
  const [all, none] = [["*/*"], ["./*"]];
  const strict = peer({ mtls: { mode: "STRICT" } });
  const unknown = "no fails: connection reset";
  test.each<Case>([
    [
      "the listener of the port decides",
      [...BASE, strict, sidecar({ port: { number: 80 }, hosts: none }, { hosts: all })],
      {},
      unknown,
    ],
    [
      "the listener of another port does not",
      [...BASE, strict, sidecar({ port: { number: 81 }, hosts: none }, { hosts: all })],
      {},
      ALLOWED,
    ],
    [
      "a policy without a mode allows only what is registered",
      [
        ...BASE,
        config("Sidecar", "front", "default", {
          egress: [{ hosts: none }],
          outboundTrafficPolicy: {},
        }),
      ],
      {},
      "no fails: 502",
    ],
    ["without egress, everything is known", [...BASE, strict, sidecar()], {}, ALLOWED],
  ])("%s", (_, objects, asked, says) => {
    expect(judge(objects, asked)).toBe(says);
  });
});

describe("endpoints", () => {
  const entry = (spec: object) =>
    config("ServiceEntry", "front", "legacy", {
      hosts: ["legacy.example.com"],
      ports: [{ number: 80, name: "http", protocol: "HTTP" }],
      location: "MESH_INTERNAL",
      ...spec,
    });
  const legacy = { call: { host: "legacy.example.com" } };
  const named = service("shop", "server", { targetPort: "web" });
  const unready = pod("shop", "server", { ready: false });
  const every = (publishNotReadyAddresses: boolean) => {
    const one = service("shop", "server");
    return { ...one, spec: { ...(one["spec"] as object), publishNotReadyAddresses } };
  };
  test.each<Case>([
    [
      "written in a ServiceEntry are not known",
      [CLIENT, entry({ endpoints: [{ address: "10.9.0.1" }] })],
      legacy,
      UNKNOWN,
    ],
    [
      "of a WorkloadEntry are not known",
      [CLIENT, entry({ workloadSelector: { labels: { app: "vm" } } })],
      legacy,
      UNKNOWN,
    ],
    [
      "of pods that a ServiceEntry selects",
      [CLIENT, pod("front", "vm"), entry({ workloadSelector: { labels: { app: "vm" } } })],
      legacy,
      ALLOWED,
    ],
    ["need a container with the port's name", [CLIENT, SERVER, named], {}, "no fails: 503"],
    [
      "with the port's name",
      [CLIENT, pod("shop", "server", { ports: [{ name: "web", containerPort: 1 }] }), named],
      {},
      ALLOWED,
    ],
    ["are not pods that are not ready", [CLIENT, unready, every(false)], {}, "no fails: 503"],
    ["are these, too, if the Service says so", [CLIENT, unready, every(true)], {}, ALLOWED],
  ])("%s", (_, objects, asked, says) => {
    expect(judge(objects, asked)).toBe(says);
  });

  test("a port of MySQL is not HTTP, unless it says so", () => {
    const get = config("AuthorizationPolicy", "shop", "p", {
      rules: [{ to: [{ operation: { methods: ["GET"] } }] }],
    });
    const on = (name: string) => [
      CLIENT,
      SERVER,
      service("shop", "server", { port: 3306, name }),
      get,
    ];
    const asked = { call: { port: 3306 } };
    expect(judge(on("db"), asked)).toBe("no denied: connection closed");
    expect(judge(on("http-db"), asked)).toBe(ALLOWED);
  });
});

describe("a gateway", () => {
  const app = pod("shop", "server");
  const pods = [
    pod("edge", "gw", {
      mesh: "gateway",
      labels: { "gateway.networking.k8s.io/gateway-name": "gw" },
    }),
    app,
    service("shop", "server"),
    service("shop", "other"),
  ];
  const listener = {
    name: "web",
    port: 80,
    protocol: "HTTP",
    allowedRoutes: { namespaces: { from: "All" } },
  };
  const gateway = (...listeners: readonly object[]): ClusterObject => ({
    ...config("Gateway", "edge", "gw", { gatewayClassName: "istio", listeners }),
    apiVersion: "gateway.networking.k8s.io/v1",
  });
  const route = (name: string, backend: object, spec: object = {}, match = "/") =>
    config("HTTPRoute", "shop", name, {
      parentRefs: [{ name: "gw", namespace: "edge" }],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: match } }],
          backendRefs: [{ name: "server", port: 80, ...backend }],
        },
      ],
      ...spec,
    });
  const served = (objects: readonly ClusterObject[], call: object = {}) => {
    const { answer, outcome } = entered([...pods, ...objects], {
      host: "a.example.com",
      path: "/x",
      ...call,
    }).verdict;
    return `${answer} ${outcome}`;
  };
  // The Service "other" selects no pod.
  const toOther = { name: "other" };
  test.each<[string, readonly ClusterObject[], string]>([
    ["a route", [gateway(listener), route("r", {})], ALLOWED],
    [
      "the most specific host goes before the longest path",
      [
        gateway(listener),
        route("wild", toOther, { hostnames: ["*.example.com"] }, "/x"),
        route("r", {}, { hostnames: ["a.example.com"] }),
      ],
      ALLOWED,
    ],
    [
      "a route without hosts has those of the listener",
      [
        gateway({ ...listener, hostname: "a.example.com" }),
        route("long", toOther, {}, "/x"),
        route("r", {}, { hostnames: ["*.example.com"] }),
      ],
      "no fails: 503",
    ],
    [
      "the port of the parent must be the listener's",
      [
        gateway(listener),
        route("r", {}, { parentRefs: [{ name: "gw", namespace: "edge", port: 81 }] }),
      ],
      "no fails: 404",
    ],
    [
      "the same port",
      [
        gateway(listener),
        route("r", {}, { parentRefs: [{ name: "gw", namespace: "edge", port: 80 }] }),
      ],
      ALLOWED,
    ],
    ["a backend without weight", [gateway(listener), route("r", { weight: 0 })], "no fails: 503"],
    [
      "a backend in another namespace",
      [gateway(listener), route("r", { namespace: "front" })],
      UNKNOWN,
    ],
    [
      "a backend of another kind",
      [gateway(listener), route("r", { kind: "InferencePool" })],
      UNKNOWN,
    ],
  ])("of the Gateway API: %s", (_, objects, says) => {
    expect(served(objects)).toBe(says);
  });

  test("of the Gateway API: routes of TLS are not read", () => {
    const passthrough = { ...listener, protocol: "TLS", port: 443, tls: { mode: "Passthrough" } };
    expect(served([gateway(passthrough)], { port: 443, protocol: "TLS" })).toBe(UNKNOWN);
  });

  test("a server of TCP forwards by routes of TCP", () => {
    const istio = config("Gateway", "edge", "db", {
      servers: [{ port: { number: 5432, protocol: "TCP" }, hosts: ["*"] }],
    });
    const virtual = (list: string) =>
      config("VirtualService", "shop", "db", {
        hosts: ["*"],
        gateways: ["edge/db"],
        [list]: [{ route: [{ destination: { host: "server" } }] }],
      });
    const call = { port: 5432, protocol: "TCP" };
    expect(served([istio, virtual("tcp")], call)).toBe(ALLOWED);
    expect(served([istio, virtual("http")], call)).toBe("no fails: 404");
  });

  test("a policy with targetRefs is for a Gateway of its own namespace", () => {
    const deny = (namespace: string) =>
      config("AuthorizationPolicy", namespace, "p", {
        action: "DENY",
        targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gw" }],
        rules: [{}],
      });
    const objects = [gateway(listener), route("r", {})];
    expect(served([...objects, deny("edge")])).toBe("no denied: 403");
    expect(served([...objects, deny(MESH)])).toBe(ALLOWED);
  });
});
