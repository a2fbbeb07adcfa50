import type { Resource } from "../harness/cluster.ts";
import { findAll, named } from "../harness/json.ts";
import { missingClusters, plainTextChains } from "../harness/pushed.ts";
import type { PushedConfiguration } from "../harness/pushed.ts";
import { REVISION, namespace } from "./claim.ts";
import type { Claim } from "./claim.ts";

/** A claim about the configuration that istiod sends to a proxy. */
export interface ConfigurationClaim extends Claim {
  /** The proxy: of a pod in the claim's namespace, of the ingress gateway, or of a Gateway of the Gateway API. */
  readonly asked: "server" | "gateway" | "own-gateway";
  /** The mistake in its configuration, as text. */
  readonly harm: string;
  /** Whether the configuration has the mistake. */
  readonly harmed: (given: PushedConfiguration) => boolean;
}

const GATEWAY = { istio: "aks-istio-ingressgateway-internal" };

const GROUPS = {
  AuthorizationPolicy: "security",
  DestinationRule: "networking",
  Gateway: "networking",
  PeerAuthentication: "security",
  Telemetry: "telemetry",
  VirtualService: "networking",
} as const;

type Objects = (namespace: string) => readonly Resource[];

/** Istio objects, by short names. */
function istio(kind: keyof typeof GROUPS, specs: Readonly<Record<string, object>>): Objects {
  return (namespace) =>
    Object.entries(specs).map(([name, spec]) => ({
      apiVersion: `${GROUPS[kind]}.istio.io/v1`,
      kind,
      metadata: { name, namespace },
      spec,
    }));
}

/** Objects of the Kubernetes Gateway API, all named `own`. */
function gatewayApi(specs: Readonly<Record<string, object>>): Objects {
  return (namespace) =>
    Object.entries(specs).map(([kind, spec]) => ({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind,
      metadata: { name: "own", namespace },
      spec,
    }));
}

/** A Service with a pod, which is also its client. */
function server(portName: string): Objects {
  return (namespace) => [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "server", namespace },
      spec: { selector: { app: "server" }, ports: [{ port: 8080, name: portName }] },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "server", namespace, labels: { app: "server" } },
      spec: { containers: [{ name: "app", image: "registry.invalid/app:1" }] },
    },
  ];
}

interface States {
  readonly aboutMesh?: true;
  readonly harm: string;
  readonly harmed: (given: PushedConfiguration, namespace: string) => boolean;
  readonly broken: readonly Objects[];
  readonly mended: readonly Objects[];
}

function claim(
  name: string,
  policy: string,
  asked: ConfigurationClaim["asked"],
  { aboutMesh, broken, mended, harm, harmed }: States,
): ConfigurationClaim {
  const all = (objects: readonly Objects[]) => [
    namespace(name),
    ...objects.flatMap((made) => made(name)),
  ];
  return {
    name,
    policy,
    asked,
    ...(aboutMesh && { aboutMesh }),
    broken: all(broken),
    mended: all(mended),
    harm,
    harmed: (given) => harmed(given, name),
  };
}

const says = (pattern: RegExp) => (given: PushedConfiguration) =>
  pattern.test(JSON.stringify(given));
const lacks = (pattern: RegExp) => (given: PushedConfiguration) => !says(pattern)(given);

/** A route, recognizable by its timeout. */
function route(timeout: string, destination: object = {}): object {
  return { timeout, route: [{ destination: { host: "server", ...destination } }] };
}

const meshRoute = (destination: object = {}) =>
  istio("VirtualService", { one: { hosts: ["server"], http: [route("11s", destination)] } });

const leadsNowhere = {
  harm: "requests are routed to a missing destination",
  harmed: (given: PushedConfiguration, own: string) =>
    missingClusters({ ...given, routes: [named(given.routes, "8080")] }).some((cluster) =>
      cluster.includes(own),
    ),
};

function https(host: string, secret: string, change: object = {}): object {
  const tls = { mode: "SIMPLE", credentialName: secret };
  return { port: { number: 443, name: "https", protocol: "HTTPS" }, hosts: [host], tls, ...change };
}

const plain = (host: string, tls?: object) => ({
  port: { number: 80, name: "http", protocol: "HTTP" },
  hosts: [host],
  ...(tls && { tls }),
});

/** A VirtualService for each of two hosts. */
const routesOfBoth = (first: string, second: string) =>
  istio("VirtualService", {
    first: { hosts: ["h.example.com"], gateways: [first], http: [route("14s")] },
    second: { hosts: ["i.example.com"], gateways: [second], http: [route("15s")] },
  });

/** A listener of the Gateway API. */
const HTTP_LISTENER = { name: "http", port: 80, protocol: "HTTP" };

const LOGS = { accessLogging: [{ providers: [{ name: "envoy" }] }] };
const FEWER_TAGS = {
  metrics: [
    {
      providers: [{ name: "prometheus" }],
      overrides: [
        {
          match: { metric: "REQUEST_COUNT" },
          tagOverrides: { request_protocol: { operation: "REMOVE" } },
        },
      ],
    },
  ],
};

/** The shared ConfigMaps of both revisions. */
function meshConfig(mesh: (namespace: string) => string): Objects {
  return (namespace) =>
    ["asm-1-29", REVISION].map((revision) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `istio-shared-configmap-${revision}`, namespace: "aks-istio-system" },
      data: { mesh: mesh(namespace) },
    }));
}

/** Two authorizers behind one Service: Istio also denies requests if it does not know the Service. */
const AUTHORIZERS = meshConfig((namespace) => {
  const service = `service: server.${namespace}.svc.cluster.local, port: 8080`;
  const authorizer = (name: string) => `- name: ${name}\n  envoyExtAuthzGrpc: { ${service} }\n`;
  return `extensionProviders:\n${authorizer("one")}${authorizer("two")}`;
});

const custom = (providers: Readonly<Record<string, string>>) =>
  istio(
    "AuthorizationPolicy",
    Object.fromEntries(
      Object.entries(providers).map(([policy, name]) => [
        policy,
        {
          action: "CUSTOM",
          provider: { name },
          rules: [{ to: [{ operation: { paths: ["/x"] } }] }],
        },
      ]),
    ),
  );

const deniesEvenTheAllowed = {
  harm: "requests that the provider would allow are denied",
  harmed: says(/-deny-due-to-bad-CUSTOM-action/),
};

const CONFLICTS = "istio-config-conflicts";

export const configurationClaims: readonly ConfigurationClaim[] = [
  claim("port-without-protocol", "service-port-protocol", "server", {
    broken: [server("web")],
    mended: [server("http-web")],
    harm: "traffic that is not recognized as HTTP in time is handled as TCP",
    harmed: says(/"statPrefix":"outbound\|8080\|\|server\.port-without-protocol\./),
  }),
  claim("gateway-of-istios-guides", "gateway-addon-selector", "gateway", {
    broken: [
      istio("Gateway", {
        own: { selector: { istio: "ingressgateway" }, servers: [https("a.example.com", "a")] },
      }),
    ],
    mended: [
      istio("Gateway", { own: { selector: GATEWAY, servers: [https("a.example.com", "a")] } }),
    ],
    harm: "the gateway does not listen for the host",
    harmed: lacks(/"serverNames":\["a\.example\.com"\]/),
  }),
  claim("answered-in-the-clear", "gateway-tls-and-hosts", "gateway", {
    broken: [
      istio("Gateway", {
        own: {
          selector: GATEWAY,
          servers: [plain("b.example.com"), https("b.example.com", "b")],
        },
      }),
      istio("VirtualService", {
        one: { hosts: ["b.example.com"], gateways: ["own"], http: [route("11s")] },
      }),
      server("http"),
    ],
    mended: [
      istio("Gateway", {
        own: {
          selector: GATEWAY,
          servers: [plain("b.example.com", { httpsRedirect: true }), https("b.example.com", "b")],
        },
      }),
      istio("VirtualService", {
        one: { hosts: ["b.example.com"], gateways: ["own"], http: [route("11s")] },
      }),
      server("http"),
    ],
    harm: "the gateway serves plain HTTP",
    harmed: ({ routes }) =>
      findAll(named(routes, "http.80"), ({ domains }) =>
        JSON.stringify(domains ?? "").includes('"b.example.com"'),
      ).some((host) => host["requireTls"] !== "ALL"),
  }),
  claim("two-routes-for-a-host", CONFLICTS, "server", {
    broken: [
      server("http"),
      istio("VirtualService", {
        one: { hosts: ["server"], http: [route("11s")] },
        two: {
          hosts: ["server"],
          http: [{ match: [{ uri: { prefix: "/two" } }], ...route("12s") }],
        },
      }),
    ],
    mended: [
      server("http"),
      istio("VirtualService", {
        one: {
          hosts: ["server"],
          http: [{ match: [{ uri: { prefix: "/two" } }], ...route("12s") }, route("11s")],
        },
      }),
    ],
    harm: "one of the two is ignored",
    harmed: lacks(/"timeout":"12s"/),
  }),
  claim("route-to-no-host", CONFLICTS, "server", {
    broken: [server("http"), meshRoute({ host: "servers" })],
    mended: [server("http"), meshRoute()],
    ...leadsNowhere,
  }),
  claim("host-with-half-a-name", CONFLICTS, "server", {
    broken: [server("http"), meshRoute({ host: "server.host-with-half-a-name" })],
    mended: [server("http"), meshRoute({ host: "server.host-with-half-a-name.svc.cluster.local" })],
    ...leadsNowhere,
  }),
  claim("route-to-no-port", CONFLICTS, "server", {
    broken: [server("http"), meshRoute({ port: { number: 8081 } })],
    mended: [server("http"), meshRoute({ port: { number: 8080 } })],
    ...leadsNowhere,
  }),
  claim("route-to-no-subset", CONFLICTS, "server", {
    broken: [server("http"), meshRoute({ subset: "v2" }), subsets("v1")],
    mended: [server("http"), meshRoute({ subset: "v2" }), subsets("v1", "v2")],
    ...leadsNowhere,
  }),
  claim("route-at-no-gateway", CONFLICTS, "gateway", {
    broken: atGateway("c.example.com", { gateways: ["other"] }),
    mended: atGateway("c.example.com", { gateways: ["own"] }),
    harm: "the gateway has no such route",
    harmed: lacks(/"timeout":"13s"/),
  }),
  claim("route-for-a-host-not-opened", CONFLICTS, "gateway", {
    broken: atGateway("d.example.com", { hosts: ["e.example.com"] }),
    mended: atGateway("d.example.com", { hosts: ["d.example.com"] }),
    harm: "the gateway has no such route",
    harmed: lacks(/"timeout":"13s"/),
  }),
  claim("two-gateways-for-a-host", CONFLICTS, "gateway", {
    broken: [
      istio("Gateway", {
        one: { selector: GATEWAY, servers: [https("f.example.com", "first")] },
        two: { selector: GATEWAY, servers: [https("f.example.com", "second")] },
      }),
    ],
    mended: [
      istio("Gateway", {
        one: { selector: GATEWAY, servers: [https("f.example.com", "first")] },
        two: { selector: GATEWAY, servers: [https("g.example.com", "second")] },
      }),
    ],
    harm: "one of the two is ignored",
    harmed: lacks(/"kubernetes:\/\/second"/),
  }),
  claim("two-servers-with-a-certificate", "gateway-one-server-per-certificate", "gateway", {
    broken: [
      istio("Gateway", {
        one: { selector: GATEWAY, servers: [https("h.example.com", "shared")] },
        two: { selector: GATEWAY, servers: [https("i.example.com", "shared")] },
      }),
      routesOfBoth("one", "two"),
      server("http"),
    ],
    mended: [
      istio("Gateway", {
        one: {
          selector: GATEWAY,
          servers: [
            { ...https("h.example.com", "shared"), hosts: ["h.example.com", "i.example.com"] },
          ],
        },
      }),
      routesOfBoth("one", "one"),
      server("http"),
    ],
    harm: "a connection for one host does not lead to the other",
    harmed: ({ routes }) =>
      findAll(routes, ({ virtualHosts }) => {
        const domains = JSON.stringify(virtualHosts ?? "");
        return domains.includes('"h.example.com"') && !domains.includes('"i.example.com"');
      }).length > 0,
  }),
  claim("route-to-no-listener", "gatewayapi-routes-attach", "own-gateway", {
    broken: atOwnGateway({ parent: { sectionName: "https" } }),
    mended: atOwnGateway({ parent: { sectionName: "http" } }),
    harm: "the gateway has no such route",
    harmed: lacks(/"timeout":"17s"/),
  }),
  claim("route-to-no-service", "gatewayapi-backends-exist", "own-gateway", {
    broken: atOwnGateway({ backend: { name: "sever" } }),
    mended: atOwnGateway({}),
    harm: "the gateway routes nothing to the service",
    harmed: ({ routes }, own) =>
      !JSON.stringify(routes).includes(`"cluster":"outbound|8080||server.${own}.`),
  }),
  claim("backend-without-grant", "gatewayapi-backends-exist", "own-gateway", {
    broken: [routeToStock],
    mended: [routeToStock, grantOfStock],
    harm: "the gateway routes nothing to the service",
    harmed: ({ routes }, own) =>
      !JSON.stringify(routes).includes(`"cluster":"outbound|8080||stock.${own}-stock.`),
  }),
  claim("protocol-in-lower-case", "gatewayapi-listeners-valid", "own-gateway", {
    broken: [gatewayApi({ Gateway: ownGateway({ ...HTTP_LISTENER, protocol: "http" }) })],
    mended: [gatewayApi({ Gateway: ownGateway(HTTP_LISTENER) })],
    harm: "nothing listens",
    harmed: ({ listeners }) => named(listeners, "0.0.0.0_80") === undefined,
  }),
  claim("two-telemetries", CONFLICTS, "server", {
    broken: [server("http"), istio("Telemetry", { one: LOGS, two: FEWER_TAGS })],
    mended: [server("http"), istio("Telemetry", { one: { ...LOGS, ...FEWER_TAGS } })],
    harm: "one of the two is ignored",
    harmed: lacks(/"request_protocol"/),
  }),
  claim("plain-text-to-the-mesh", "mtls-client-conflict", "server", {
    broken: [
      server("http"),
      istio("PeerAuthentication", { default: { mtls: { mode: "STRICT" } } }),
      istio("DestinationRule", {
        server: { host: "server", trafficPolicy: { tls: { mode: "DISABLE" } } },
      }),
    ],
    mended: [
      server("http"),
      istio("PeerAuthentication", { default: { mtls: { mode: "STRICT" } } }),
    ],
    harm: "clients send plain text to a server that rejects it",
    harmed: (given, own) => {
      const cluster = named(given.clusters, `outbound|8080||server.${own}.svc.cluster.local`);
      const encrypted = findAll(cluster, (value) => "combinedValidationContext" in value);
      return plainTextChains(given).length === 0 && encrypted.length === 0;
    },
  }),
  claim("plain-text-let-in", "mtls-strict-no-conflict", "server", {
    broken: [
      server("http"),
      istio("PeerAuthentication", { default: { mtls: { mode: "PERMISSIVE" } } }),
    ],
    mended: [
      server("http"),
      istio("PeerAuthentication", { default: { mtls: { mode: "STRICT" } } }),
    ],
    harm: "plain text is accepted",
    harmed: (given) => plainTextChains(given).length > 0,
  }),
  claim("provider-that-does-not-exist", "authz-custom-provider", "server", {
    aboutMesh: true,
    broken: [AUTHORIZERS, server("http"), custom({ first: "on" })],
    mended: [AUTHORIZERS, server("http"), custom({ first: "one" })],
    ...deniesEvenTheAllowed,
  }),
  claim("two-providers-for-a-workload", "authz-custom-provider", "server", {
    aboutMesh: true,
    broken: [AUTHORIZERS, server("http"), custom({ first: "one", second: "two" })],
    mended: [AUTHORIZERS, server("http"), custom({ first: "one", second: "one" })],
    ...deniesEvenTheAllowed,
  }),
  claim("nothing-denied", "authz-default-deny", "server", {
    broken: [server("http")],
    mended: [server("http"), istio("AuthorizationPolicy", { "default-deny": {} })],
    harm: "every request is allowed",
    harmed: (given) =>
      lacks(/filters\.http\.rbac\.v3\.RBAC/)({
        ...given,
        listeners: [named(given.listeners, "virtualInbound")],
      }),
  }),
];

/** A Gateway with one listener for plain HTTP, and a route to the server, recognizable by its timeout. */
function atOwnGateway({ parent = {}, backend = {} }: { parent?: object; backend?: object }) {
  return [
    server("http"),
    gatewayApi({
      Gateway: ownGateway(HTTP_LISTENER),
      HTTPRoute: {
        parentRefs: [{ name: "own", ...parent }],
        rules: [
          {
            backendRefs: [{ name: "server", port: 8080, ...backend }],
            timeouts: { request: "17s" },
          },
        ],
      },
    }),
  ];
}

/** A route to a Service in another namespace. */
function routeToStock(own: string): readonly Resource[] {
  const there = `${own}-stock`;
  return [
    namespace(there),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "stock", namespace: there },
      spec: { selector: { app: "stock" }, ports: [{ port: 8080, name: "http" }] },
    },
    ...gatewayApi({
      Gateway: ownGateway(HTTP_LISTENER),
      HTTPRoute: {
        parentRefs: [{ name: "own" }],
        rules: [{ backendRefs: [{ name: "stock", namespace: there, port: 8080 }] }],
      },
    })(own),
  ];
}

/** The grant that it requires, in the API version that every managed Gateway API serves. */
function grantOfStock(own: string): readonly Resource[] {
  return [
    {
      apiVersion: "gateway.networking.k8s.io/v1beta1",
      kind: "ReferenceGrant",
      metadata: { name: "own", namespace: `${own}-stock` },
      spec: {
        from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: own }],
        to: [{ group: "", kind: "Service" }],
      },
    },
  ];
}

function ownGateway(listener: object): object {
  return { gatewayClassName: "istio", listeners: [listener] };
}

function subsets(...names: readonly string[]): Objects {
  return istio("DestinationRule", {
    server: {
      host: "server",
      subsets: names.map((name) => ({ name, labels: { app: "server" } })),
    },
  });
}

function atGateway(host: string, change: object): readonly Objects[] {
  return [
    server("http"),
    istio("Gateway", { own: { selector: GATEWAY, servers: [https(host, "own")] } }),
    istio("VirtualService", {
      one: { hosts: [host], gateways: ["own"], http: [route("13s")], ...change },
    }),
  ];
}
