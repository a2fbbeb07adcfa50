import { describe, expect, test } from "vitest";
import { gatewayapiBackendsExist } from "../../../../policy/rules/gatewayapi/gatewayapi-backends-exist.ts";
import { UNKNOWN, cluster, helmRelease, namespace } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { gatewayApi, mesh, provider, service } from "../../../support/gatewayApi.ts";
import { run } from "../../../support/policy.ts";

const OWN = [namespace(provider), namespace(provider, {}, "stock")];

/** A route in shop with one rule. */
function routeWith(
  rule: unknown,
  kind = "HTTPRoute",
  parents: unknown = [{ name: "web" }],
): Fixture {
  return gatewayApi(kind, "web", { parentRefs: parents, rules: [rule] });
}

const route = (backend: unknown, kind = "HTTPRoute") => routeWith({ backendRefs: [backend] }, kind);

function grant(spec: Props, where: unknown = "stock"): Fixture {
  const from = [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "shop" }];
  const to = [{ group: "", kind: "Service" }];
  return gatewayApi(
    "ReferenceGrant",
    "grant",
    { from, to, ...spec },
    { namespace: where },
    "v1beta1",
  );
}

async function found(...stack: Fixture[]) {
  return await foundIn([mesh, provider, ...OWN], stack);
}

async function foundIn(around: readonly Fixture[], stack: readonly Fixture[]) {
  const reports = await run(gatewayapiBackendsExist, [...around, ...stack]);
  expect(reports.filter(({ when }) => when !== "late")).toEqual([]);
  return reports.map(({ level, message }) => (level === "unjudged" ? `(${message})` : message));
}

const PLACE = 'HTTPRoute "web": spec.rules[0].backendRefs[0]';
const items = service("items", [{ port: 80 }], "stock");
const crossing = route({ name: "items", namespace: "stock", port: 80 });

describe("gatewayapi-backends-exist", () => {
  test.each<[string, Fixture[]]>([
    ["a Service", [service("web"), route({ name: "web", port: 80 })]],
    ["a Service that is declared later", [route({ name: "web", port: 80 }), service("web")]],
    [
      "a Service in its own namespace by name",
      [service("web"), route({ name: "web", namespace: "shop", port: 80 })],
    ],
    [
      "one of several ports",
      [service("web", [{ port: 80 }, { port: 81 }]), route({ name: "web", port: 81 })],
    ],
    ["a Service without known ports", [service("web", UNKNOWN), route({ name: "web", port: 81 })]],
    [
      "a Service with an unknown port",
      [service("web", [{ port: UNKNOWN }]), route({ name: "web", port: 81 })],
    ],
    ["a Service without ports", [service("web", []), route({ name: "web", port: 81 })]],
    [
      "a Service of another stack",
      [route({ name: "web", namespace: "platform", port: 80 }), grant({}, "platform")],
    ],
    ["a redirect", [routeWith({ filters: [{ type: "RequestRedirect" }] })]],
    ["no rules", [gatewayApi("HTTPRoute", "web", {})]],
    [
      "a host of Istio",
      [route({ group: "networking.istio.io", kind: "Hostname", name: "a.example.com", port: 443 })],
    ],
    [
      "an InferencePool",
      [route({ group: "inference.networking.k8s.io", kind: "InferencePool", name: "llm" })],
    ],
    ["a backend without weight", [service("web"), route({ name: "new", weight: 0 })]],
  ])("accepts %s", async (_, stack) => {
    expect(await found(...stack)).toEqual([]);
  });

  test.each<[Props, string]>([
    [
      { name: "wbe", port: 80 },
      ".name is wbe, but the stack has no Service wbe in shop. Did you mean web?",
    ],
    [
      { name: "cart", port: 80 },
      ".name is cart, but the stack has no Service cart in shop. Name an existing one: web.",
    ],
    [
      { name: "items", port: 80 },
      ".name is items, which means namespace: shop, but the stack has the Service items only in stock. Use namespace: stock.",
    ],
    [
      { name: "web.shop.svc.cluster.local", port: 80 },
      ".name is web.shop.svc.cluster.local, but a backend is the name of a Service, not its host. Set it to web, and set namespace if the Service is in another one.",
    ],
    [
      { name: "web" },
      ".port is not set, but a Service requires it. Set it to a port of the Service web.",
    ],
    [
      { name: "web", port: 8080 },
      ".port is 8080, but the Service web has only the port 80. Set it to 80.",
    ],
  ])("reports %j", async (backend, message) => {
    expect(await found(service("web"), items, route(backend))).toEqual([PLACE + message]);
  });

  test("names all ports of a Service", async () => {
    expect(
      await found(service("web", [{ port: 80 }, { port: 81 }]), route({ name: "web", port: 8 })),
    ).toEqual([
      `${PLACE}.port is 8, but the Service web has only the ports 80 and 81. Set it to 80 or 81.`,
    ]);
  });

  test("judges every kind of route, every rule and mirrors", async () => {
    const wrong = { name: "wbe", port: 80 };
    const said = (kind: string, place: string) =>
      `${kind} "web": ${place}.name is wbe, but the stack has no Service wbe in shop. Did you mean web?`;
    for (const kind of ["GRPCRoute", "TLSRoute", "TCPRoute"]) {
      expect(await found(service("web"), route(wrong, kind))).toEqual([
        said(kind, "spec.rules[0].backendRefs[0]"),
      ]);
    }
    const mirror = { filters: [{ type: "RequestMirror", requestMirror: { backendRef: wrong } }] };
    expect(await found(service("web"), routeWith(mirror))).toEqual([
      said("HTTPRoute", "spec.rules[0].filters[0].requestMirror.backendRef"),
    ]);
  });

  test("questions a Service if the stack has none in the namespace", async () => {
    expect(await found(route({ name: "web", port: 80 }))).toEqual([
      `(${PLACE}.name is web, but the stack has no Service in shop. Correct the name, or add the Service to the program. If something else creates it, exempt HTTPRoute "web" from gatewayapi-backends-exist in exceptions of mesh-scope.)`,
    ]);
    expect(await foundIn([mesh, provider], [route({ name: "web", port: 80 })])).toEqual([]);
  });

  test("leaves a Service that a chart may create in doubt", async () => {
    const chart = helmRelease(provider, { namespace: "shop" });
    expect(await found(service("web"), chart, route({ name: "cart", port: 80 }))).toEqual([
      expect.stringMatching(/^\(HTTPRoute "web": the stack does not show the Service cart in shop/),
    ]);
  });

  describe("a Service in another namespace", () => {
    const missing = (fix: string, name = "items") =>
      `${PLACE}.name is ${name} in stock, but no ReferenceGrant in stock allows HTTPRoutes of shop to refer to it, so istiod rejects the reference. ${fix}`;
    const add = "group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop";
    const create = `Create one with ${add} in spec.from, and group: "", kind: Service in spec.to.`;

    test.each<[string, Fixture]>([
      ["all Services", grant({})],
      ["this Service", grant({ to: [{ group: "", kind: "Service", name: "items" }] })],
      [
        "one of several targets",
        grant({
          to: [
            { group: "", kind: "Secret" },
            { group: "", kind: "Service" },
          ],
        }),
      ],
      [
        "one of several sources",
        grant({
          from: [
            { group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "blog" },
            { group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "shop" },
          ],
        }),
      ],
    ])("is accepted with a grant for %s", async (_, given) => {
      expect(await found(items, given, crossing)).toEqual([]);
    });

    test("is reported without a grant", async () => {
      expect(await found(items, crossing)).toEqual([missing(create)]);
    });

    test.each<[string, Fixture, string]>([
      [
        "another kind of route",
        grant({
          from: [{ group: "gateway.networking.k8s.io", kind: "GRPCRoute", namespace: "shop" }],
        }),
        `Add ${add} to spec.from of ReferenceGrant "grant".`,
      ],
      [
        "another namespace",
        grant({
          from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "blog" }],
        }),
        `Add ${add} to spec.from of ReferenceGrant "grant".`,
      ],
      [
        "another group",
        grant({ from: [{ group: "", kind: "HTTPRoute", namespace: "shop" }] }),
        `Add ${add} to spec.from of ReferenceGrant "grant".`,
      ],
      [
        "another kind of target",
        grant({ to: [{ group: "", kind: "Secret" }] }),
        'Add group: "", kind: Service to spec.to of ReferenceGrant "grant".',
      ],
      [
        "another group of target",
        grant({ to: [{ group: "apps", kind: "Service" }] }),
        'Add group: "", kind: Service to spec.to of ReferenceGrant "grant".',
      ],
      [
        "another Service",
        grant({ to: [{ group: "", kind: "Service", name: "prices" }] }),
        'Add group: "", kind: Service to spec.to of ReferenceGrant "grant".',
      ],
      [
        "the namespace of the route",
        grant({}, "shop"),
        'ReferenceGrant "grant" is in shop. Move it to stock.',
      ],
      ["nothing in common", grant({ from: [], to: [] }), create],
    ])("is reported with a grant for %s", async (_, given, fix) => {
      expect(await found(items, given, crossing)).toEqual([missing(fix)]);
    });

    test("is questioned in a namespace of another stack", async () => {
      const there = route({ name: "items", namespace: "platform", port: 80 });
      expect(await found(there)).toEqual([
        `(${PLACE}.name is items in platform, but no ReferenceGrant in platform allows HTTPRoutes of shop to refer to it, so istiod rejects the reference. ${create})`,
      ]);
    });

    test("may be allowed by a chart", async () => {
      const chart = helmRelease(provider, { namespace: "stock" });
      expect(await found(items, chart, crossing)).toEqual([
        `(HTTPRoute "web": the stack does not show a ReferenceGrant in stock that allows HTTPRoutes of shop to refer to the Service items (spec.rules[0].backendRefs[0].name is items), but Release "shop" may create it. ${create} If something else creates it, exempt HTTPRoute "web" from gatewayapi-backends-exist in exceptions of mesh-scope.)`,
      ]);
    });

    test("needs no grant for traffic inside the mesh", async () => {
      const rule = { backendRefs: [{ name: "items", namespace: "stock", port: 80 }] };
      const service_ = { group: "", kind: "Service", name: "web" };
      expect(await found(items, routeWith(rule, "HTTPRoute", [service_]))).toEqual([]);
      expect(
        await found(items, routeWith(rule, "HTTPRoute", [service_, { name: "web" }])),
      ).toHaveLength(1);
    });

    test.each<[string, Fixture]>([
      ["spec.from", grant({ from: UNKNOWN })],
      ["spec.to[0].name", grant({ to: [{ group: "", kind: "Service", name: UNKNOWN }] })],
      [
        "spec.from[0].namespace",
        grant({
          from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: UNKNOWN }],
        }),
      ],
    ])("is not judged with an unknown %s of the grant", async (place, given) => {
      expect(await found(items, given, crossing)).toEqual([
        `(HTTPRoute "web": ${place} of ReferenceGrant "grant" is known only once it is deployed. Give it a value that does not depend on another resource.)`,
      ]);
    });

    test("may be allowed by a grant in an unknown namespace", async () => {
      expect(await found(items, grant({}, UNKNOWN), crossing)).toEqual([]);
    });
  });

  test.each<[string, Fixture]>([
    ["spec.rules", gatewayApi("HTTPRoute", "web", { rules: UNKNOWN })],
    ["spec.rules[0].backendRefs", routeWith({ backendRefs: UNKNOWN })],
    ["spec.rules[0].backendRefs[0].name", route({ name: UNKNOWN, port: 80 })],
    [
      "spec.rules[0].backendRefs[0].namespace",
      route({ name: "web", namespace: UNKNOWN, port: 80 }),
    ],
    ["spec.rules[0].backendRefs[0].port", route({ name: "web", port: UNKNOWN })],
  ])("does not judge an unknown %s", async (place, object) => {
    expect(await found(service("web"), object)).toEqual([
      `(HTTPRoute "web": ${place} is known only once it is deployed. Give it a value that does not depend on another resource.)`,
    ]);
  });

  test("accepts a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    expect(await foundIn([plain, provider, ...OWN], [items, crossing])).toEqual([]);
  });
});
