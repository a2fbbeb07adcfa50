import { describe, expect, test } from "vitest";
import { gatewayapiRoutesAttach } from "../../../../policy/rules/gatewayapi/gatewayapi-routes-attach.ts";
import { UNKNOWN, cluster, helmRelease, namespace } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { HTTP, gateway, gatewayApi, mesh, provider, service } from "../../../support/gatewayApi.ts";
import { run } from "../../../support/policy.ts";

/** The namespaces that the stack creates. */
const OWN = [namespace(provider, { team: "web" }), namespace(provider, {}, "ingress")];
const HTTPS = { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{}] } };
const IN_INGRESS = { namespace: "ingress" };

/** A route in shop. */
function route(parent: Props, spec: Props = {}, kind = "HTTPRoute"): Fixture {
  return gatewayApi(kind, "web", { parentRefs: [{ name: "public", ...parent }], ...spec });
}

async function found(...stack: Fixture[]) {
  return await foundIn([mesh, provider, ...OWN], stack);
}

async function foundIn(around: readonly Fixture[], stack: readonly Fixture[]) {
  const reports = await run(gatewayapiRoutesAttach, [...around, ...stack]);
  expect(reports.filter(({ when }) => when !== "late")).toEqual([]);
  return reports.map(({ level, message }) => (level === "unjudged" ? `(${message})` : message));
}

/** A Gateway in ingress with one listener that allows routes. */
const allowing = (namespaces: unknown, listener: Props = HTTP) =>
  gateway("public", [{ ...listener, allowedRoutes: { namespaces } }], IN_INGRESS);
const there = { namespace: "ingress" };

const PLACE = 'HTTPRoute "web": spec.parentRefs[0]';

describe("gatewayapi-routes-attach", () => {
  describe("a parent", () => {
    const public_ = gateway("public", [HTTP, HTTPS]);

    test.each<[string, Fixture[]]>([
      ["exists", [public_, route({})]],
      [
        "exists, with its group and kind",
        [public_, route({ group: "gateway.networking.k8s.io", kind: "Gateway" })],
      ],
      ["is declared later", [route({}), public_]],
      ["names a listener", [public_, route({ sectionName: "https" })]],
      ["names a port", [public_, route({ port: 443 })]],
      ["names both", [public_, route({ sectionName: "https", port: 443 })]],
      [
        "is a Service of the mesh",
        [service("public"), route({ group: "", kind: "Service", port: 80 })],
      ],
      ["is a ListenerSet, which the rule does not read", [route({ kind: "ListenerSet" })]],
      ["is of another implementation", [route({ group: "example.com", kind: "Mesh" })]],
      [
        "is of another class",
        [gateway("public", [], {}, { gatewayClassName: "nginx" }), route({ sectionName: "x" })],
      ],
      ["has listeners of its ListenerSets only", [gateway("public", []), route({})]],
    ])("%s", async (_, stack) => {
      expect(await found(...stack)).toEqual([]);
    });

    test("is reported if it does not exist", async () => {
      expect(await found(public_, route({ name: "publik" }))).toEqual([
        `${PLACE}.name is publik, but the stack has no Gateway publik in shop. Did you mean public?`,
      ]);
      expect(
        await found(service("shop"), route({ name: "web", group: "", kind: "Service" })),
      ).toEqual([
        `${PLACE}.name is web, but the stack has no Service web in shop. Name an existing one: shop.`,
      ]);
    });

    test("is reported if it is in another namespace", async () => {
      expect(await found(allowing({ from: "All" }), route({}))).toEqual([
        `${PLACE}.name is public, which means namespace: shop, but the stack has the Gateway public only in ingress. Use namespace: ingress.`,
      ]);
    });

    test("is questioned if the stack has no Gateway in the namespace", async () => {
      expect(await found(route({}))).toEqual([
        `(${PLACE}.name is public, but the stack has no Gateway in shop. Correct the name, or add the Gateway to the program. If something else creates it, exempt HTTPRoute "web" from gatewayapi-routes-attach in exceptions of mesh-scope.)`,
      ]);
    });

    test("may be in a namespace of another stack", async () => {
      expect(await found(route({ namespace: "platform" }))).toEqual([]);
    });

    test("may come from a chart", async () => {
      const chart = helmRelease(provider, { namespace: "shop" });
      expect(await found(public_, chart, route({ name: "other" }))).toEqual([
        '(HTTPRoute "web": the stack does not show the Gateway other in shop (spec.parentRefs[0].name is other), but Release "shop" may create it. Correct the name, or add the Gateway to the program. If something else creates it, exempt HTTPRoute "web" from gatewayapi-routes-attach in exceptions of mesh-scope.)',
      ]);
    });

    test("is required", async () => {
      const none = gatewayApi("HTTPRoute", "web", { rules: [] });
      expect(await found(none)).toEqual([
        'HTTPRoute "web": spec.parentRefs is not set, so no Gateway serves the route. Name a Gateway.',
      ]);
      expect(await found({ ...none, type: `${none.type}Patch` })).toEqual([]);
    });

    test.each<[Props, string]>([
      [
        { sectionName: "htps" },
        `${PLACE}.sectionName is htps, but Gateway "public" has no listener of this name. Did you mean https?`,
      ],
      [
        { sectionName: "web" },
        `${PLACE}.sectionName is web, but Gateway "public" has no listener of this name. Use an existing one: http, https.`,
      ],
      [
        { port: 8443 },
        `${PLACE}.port is 8443, but Gateway "public" has no listener on this port. Use an existing one: 80, 443.`,
      ],
      [
        { sectionName: "https", port: 80 },
        `${PLACE}.port is 80, but Gateway "public" has no listener on this port. Use an existing one: 443.`,
      ],
    ])("refers to a listener that does not exist: %j", async (parent, message) => {
      expect(await found(public_, route(parent))).toEqual([message]);
    });
  });

  describe("the kind of a route", () => {
    const tls = (mode: unknown) => ({ name: "tls", port: 443, protocol: "TLS", tls: { mode } });
    const kinds = (...allowed: Props[]) => ({ ...HTTP, allowedRoutes: { kinds: allowed } });

    test.each<[string, Props, string]>([
      ["HTTP", HTTP, "HTTPRoute"],
      ["HTTP", HTTP, "GRPCRoute"],
      ["HTTPS", HTTPS, "HTTPRoute"],
      ["TLS", tls("Passthrough"), "TLSRoute"],
      ["terminated TLS", tls("Terminate"), "TLSRoute"],
      ["terminated TLS", tls("Terminate"), "TCPRoute"],
      ["TCP", { name: "tcp", port: 5432, protocol: "TCP" }, "TCPRoute"],
      ["UDP", { name: "udp", port: 53, protocol: "UDP" }, "UDPRoute"],
      ["no kinds", { ...HTTP, allowedRoutes: { kinds: [] } }, "HTTPRoute"],
      ["its kind", kinds({ kind: "GRPCRoute" }, { kind: "HTTPRoute" }), "HTTPRoute"],
    ])("is accepted by a listener with %s", async (_, listener, kind) => {
      expect(await found(gateway("public", [listener]), route({}, {}, kind))).toEqual([]);
    });

    test.each<[string, Props, string]>([
      ["HTTP", HTTP, "TLSRoute"],
      ["HTTP", HTTP, "TCPRoute"],
      ["passed-through TLS", tls("Passthrough"), "TCPRoute"],
      ["TLS", tls("Passthrough"), "HTTPRoute"],
      ["another kind", kinds({ kind: "GRPCRoute" }), "HTTPRoute"],
      [
        "the kind of another group",
        kinds({ group: "example.com", kind: "HTTPRoute" }),
        "HTTPRoute",
      ],
    ])("is reported on a listener with %s", async (_, listener, kind) => {
      expect(await found(gateway("public", [listener]), route({}, {}, kind))).toEqual([
        `${kind} "web": spec.parentRefs[0].name is public, but listener ${String(listener["name"])} of Gateway "public" does not accept ${kind}s. Refer to a listener that does, or change its protocol or allowedRoutes.kinds.`,
      ]);
    });

    test("is reported for all listeners that the reference selects", async () => {
      expect(await found(gateway("public", [HTTP, HTTPS]), route({}, {}, "TLSRoute"))).toEqual([
        'TLSRoute "web": spec.parentRefs[0].name is public, but listener http and listener https of Gateway "public" do not accept TLSRoutes. Refer to a listener that does, or change its protocol or allowedRoutes.kinds.',
      ]);
    });
  });

  describe("the namespace of a route", () => {
    const labels = (matchLabels: unknown) => ({ from: "Selector", selector: { matchLabels } });

    test.each<[string, unknown]>([
      ["all", { from: "All" }],
      ["its label", labels({ team: "web" })],
      ["its name", labels({ "kubernetes.io/metadata.name": "shop" })],
      [
        "an expression",
        {
          from: "Selector",
          selector: {
            matchExpressions: [
              { key: "kubernetes.io/metadata.name", operator: "In", values: ["blog", "shop"] },
            ],
          },
        },
      ],
    ])("is allowed by %s", async (_, namespaces) => {
      expect(await found(allowing(namespaces), route(there))).toEqual([]);
    });

    test.each<[string, unknown]>([
      ["by default", undefined],
      ["Same", { from: "Same" }],
      ["None", { from: "None" }],
      ["another label", labels({ team: "blog" })],
      ["another name", labels({ "kubernetes.io/metadata.name": "blog" })],
    ])("is reported if the listener does not allow it: %s", async (_, namespaces) => {
      expect(await found(allowing(namespaces), route(there))).toEqual([
        `${PLACE}.name is public, but listener http of Gateway "public" accepts no routes from shop. Allow the namespace in allowedRoutes.namespaces of the listener.`,
      ]);
    });

    test("may have labels that the stack does not show", async () => {
      const [, ingress = OWN[0]] = OWN;
      const around = [mesh, provider, ...(ingress === undefined ? [] : [ingress])];
      const byLabel = allowing(labels({ team: "blog" }));
      expect(await foundIn(around, [byLabel, route(there)])).toEqual([]);
      const byName = allowing(labels({ "kubernetes.io/metadata.name": "blog" }));
      expect(await foundIn(around, [byName, route(there)])).toHaveLength(1);
    });

    test("may get labels from a patch", async () => {
      const patch = {
        ...namespace(provider, { gateway: "public" }),
        type: "kubernetes:core/v1:NamespacePatch",
      };
      const selected = allowing(labels({ gateway: "public" }));
      expect(await found(selected, route(there))).toHaveLength(1);
      expect(await found(patch, selected, route(there))).toEqual([]);
    });

    test("is allowed by another listener", async () => {
      const two = gateway(
        "public",
        [HTTP, { ...HTTPS, allowedRoutes: { namespaces: { from: "All" } } }],
        IN_INGRESS,
      );
      expect(await found(two, route(there))).toEqual([]);
      expect(await found(two, route({ ...there, sectionName: "http" }))).toHaveLength(1);
    });
  });

  describe("the hosts of a route", () => {
    const at = (hostname?: unknown) => gateway("public", [{ ...HTTP, hostname }]);

    test.each<[unknown, unknown, string]>([
      [undefined, ["shop.example.com"], "HTTPRoute"],
      ["", ["shop.example.com"], "HTTPRoute"],
      ["shop.example.com", undefined, "HTTPRoute"],
      ["shop.example.com", [], "HTTPRoute"],
      ["shop.example.com", ["shop.example.com"], "GRPCRoute"],
      ["*.example.com", ["shop.example.com"], "HTTPRoute"],
      ["shop.example.com", ["*.example.com"], "HTTPRoute"],
      ["shop.example.com", ["blog.example.com", "shop.example.com"], "HTTPRoute"],
    ])("share one with the listener: %j and %j", async (hostname, hostnames, kind) => {
      expect(await found(at(hostname), route({}, { hostnames }, kind))).toEqual([]);
    });

    test.each<[string, string[]]>([
      ["shop.example.com", ["blog.example.com"]],
      ["*.example.com", ["example.com"]],
      ["*.example.com", ["shop.example.org"]],
    ])("are reported if they share none: %j and %j", async (hostname, hostnames) => {
      expect(await found(at(hostname), route({}, { hostnames }))).toEqual([
        `HTTPRoute "web": spec.hostnames is ${hostnames.join(", ")}, but listener http of Gateway "public" serves only ${hostname}. Add a host that a listener serves, or change the hostname of the listener.`,
      ]);
    });
  });

  test.each<[string, Fixture, Fixture]>([
    [
      "spec.parentRefs",
      gateway("public", [HTTP]),
      gatewayApi("HTTPRoute", "web", { parentRefs: UNKNOWN }),
    ],
    ["spec.parentRefs[0].name", gateway("public", [HTTP]), route({ name: UNKNOWN })],
    ["spec.parentRefs[0].namespace", gateway("public", [HTTP]), route({ namespace: UNKNOWN })],
    ["spec.parentRefs[0].kind", gateway("public", [HTTP]), route({ kind: UNKNOWN })],
    ["spec.parentRefs[0].group", gateway("public", [HTTP]), route({ group: UNKNOWN })],
    ['spec.listeners of Gateway "public"', gateway("public", UNKNOWN), route({})],
    [
      'spec.listeners[0].protocol of Gateway "public"',
      gateway("public", [{ ...HTTP, protocol: UNKNOWN }]),
      route({}),
    ],
    [
      'spec.listeners[0].hostname of Gateway "public"',
      gateway("public", [{ ...HTTP, hostname: UNKNOWN }]),
      route({}, { hostnames: ["a.b"] }),
    ],
    [
      "spec.hostnames",
      gateway("public", [{ ...HTTP, hostname: "a.b" }]),
      route({}, { hostnames: UNKNOWN }),
    ],
    [
      "spec.hostnames[0]",
      gateway("public", [{ ...HTTP, hostname: "a.b" }]),
      route({}, { hostnames: [UNKNOWN] }),
    ],
    [
      'spec.listeners[0].allowedRoutes.namespaces.from of Gateway "public"',
      gateway("public", [{ ...HTTP, allowedRoutes: { namespaces: { from: UNKNOWN } } }]),
      route({}),
    ],
    [
      'spec.listeners[0].allowedRoutes.kinds of Gateway "public"',
      gateway("public", [{ ...HTTP, allowedRoutes: { kinds: UNKNOWN } }]),
      route({}),
    ],
    [
      'spec.listeners[0].allowedRoutes.kinds[0].kind of Gateway "public"',
      gateway("public", [{ ...HTTP, allowedRoutes: { kinds: [{ kind: UNKNOWN }] } }]),
      route({}),
    ],
  ])("does not judge an unknown %s", async (place, gateway_, route_) => {
    expect(await found(gateway_, route_)).toEqual([
      `(HTTPRoute "web": ${place} is known only once it is deployed. Give it a value that does not depend on another resource.)`,
    ]);
  });

  test("does not judge a listener that may be another one", async () => {
    expect(
      await found(gateway("public", [{ ...HTTP, name: UNKNOWN }]), route({ sectionName: "https" })),
    ).toEqual([]);
    expect(
      await found(gateway("public", [{ ...HTTP, port: UNKNOWN }]), route({ port: 443 })),
    ).toEqual([]);
  });

  test("accepts a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    expect(
      await foundIn([plain, provider, ...OWN], [gateway("public", [HTTP]), route({ port: 1 })]),
    ).toEqual([]);
  });
});
