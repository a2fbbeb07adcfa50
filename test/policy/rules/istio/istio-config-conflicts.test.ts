import { describe, expect, test } from "vitest";
import { istioConfigConflicts } from "../../../../policy/rules/istio/istio-config-conflicts.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);

/** An Istio object, or another one, whose name in the cluster equals its logical name. */
function made(version: string, kind: string, name: string, spec: unknown, where: unknown = "shop") {
  return object(provider, version, kind, { metadata: { name, namespace: where }, spec }, name);
}

const NETWORKING = "networking.istio.io/v1";
const gateway = (name: string, servers: unknown, where: unknown = "shop", istio = "ingress") =>
  made(NETWORKING, "Gateway", name, { selector: { istio }, servers }, where);
const virtualService = (name: string, spec: unknown, where?: unknown) =>
  made(NETWORKING, "VirtualService", name, spec, where);
const entry = (name: string, spec: unknown, where?: unknown) =>
  made(NETWORKING, "ServiceEntry", name, spec, where);
const rule = (name: string, spec: unknown, where?: unknown) =>
  made(NETWORKING, "DestinationRule", name, spec, where);
const telemetry = (name: string, spec: unknown, where?: unknown) =>
  made("telemetry.istio.io/v1", "Telemetry", name, spec, where);
const service = (name: string, ports: unknown = [{ port: 80 }], where: unknown = "shop") =>
  made("core/v1", "Service", name, { selector: { app: name }, ports }, where);
const deployment = (name: string, labels: object, where: unknown = "shop") =>
  made("apps/v1", "Deployment", name, { template: { metadata: { labels } } }, where);
const to = (destination: unknown) => ({
  hosts: ["a.example.com"],
  http: [{ route: [{ destination }] }],
});

/** The namespaces that the stack creates. */
const OWN = ["shop", "ingress"].map((name) => namespace(provider, {}, name));

function found(...stack: Fixture[]) {
  return foundInForeign(...OWN, ...stack);
}

/** The same, if other stacks create all namespaces. */
async function foundInForeign(...stack: Fixture[]) {
  const reports = await run(istioConfigConflicts, [mesh, provider, ...stack]);
  expect(reports.filter(({ when }) => when !== "late")).toEqual([]);
  return reports.map(({ level, message }) => (level === "unjudged" ? `(${message})` : message));
}

describe("istio-config-conflicts", () => {
  describe("Gateways with the same host", () => {
    const server = (hosts: unknown, number: unknown = 443, bind?: unknown) => ({
      port: { number, protocol: "HTTPS" },
      hosts,
      bind,
    });
    const first = gateway("first", [server(["a.example.com"])]);

    test("are reported at the later one", async () => {
      const second = gateway("second", [server(["b.example.com", "a.example.com"])], "other");
      expect(await found(first, second)).toEqual([
        'Gateway "second": spec.servers opens */a.example.com on port 443, but Gateway "first" already opens it on the same gateway, so Istio ignores one of the two. Remove it from one of them.',
      ]);
    });

    describe("over plain HTTP", () => {
      const plain = (protocol: string, tls?: object) => ({
        port: { number: 80, protocol },
        hosts: ["a.example.com"],
        tls,
      });
      const conflicts = (...servers: readonly [object, object]) =>
        found(...servers.map((one, index) => gateway(["first", "second"][index] ?? "", [one])));

      test.each(["HTTP", "HTTP2", "GRPC", "GRPC-WEB", "http"])(
        "are merged: %s",
        async (protocol) => {
          expect(await conflicts(plain(protocol), plain(protocol))).toEqual([]);
        },
      );

      test("are reported if they redirect, or with another protocol", async () => {
        const redirect = { httpsRedirect: true };
        expect(await conflicts(plain("HTTP", redirect), plain("HTTP", redirect))).toHaveLength(1);
        expect(await conflicts(plain("TCP"), plain("TCP"))).toHaveLength(1);
      });
    });

    test.each<[string, Fixture]>([
      ["another host", gateway("second", [server(["b.example.com"])])],
      ["another port", gateway("second", [server(["a.example.com"], 8443)])],
      ["another gateway", gateway("second", [server(["a.example.com"])], "shop", "egress")],
      ["another bind address", gateway("second", [server(["a.example.com"], 443, "10.0.0.1")])],
      ["routes from other namespaces", gateway("second", [server(["other/a.example.com"])])],
      ["unknown hosts", gateway("second", [server(UNKNOWN)])],
      ["an unknown host", gateway("second", [server([UNKNOWN])])],
      ["an unknown port", gateway("second", [server(["a.example.com"], UNKNOWN)])],
      ["unknown servers", gateway("second", UNKNOWN)],
    ])("are not reported with %s", async (_, second) => {
      expect(await found(first, second)).toEqual([]);
    });

    test("are on the same gateway with either label that names it", async () => {
      const by = (name: string, selector: object) =>
        made(NETWORKING, "Gateway", name, { selector, servers: [server(["a.example.com"])] });
      const external = "aks-istio-ingressgateway-external";
      const one = by("first", { istio: external });
      expect(await found(one, by("second", { app: external }))).toHaveLength(1);
      expect(await found(one, by("second", { app: external, istio: external }))).toHaveLength(1);
      expect(await found(one, by("second", { app: "own", istio: external }))).toEqual([]);
      const internal = "aks-istio-ingressgateway-internal";
      expect(await found(one, by("second", { app: internal }))).toEqual([]);
    });

    test("may name the Gateway's own namespace", async () => {
      const own = gateway("first", [server(["./a.example.com"])]);
      expect(await found(own, gateway("second", [server(["shop/a.example.com"])]))).toHaveLength(1);
      expect(await found(own, gateway("second", [server(["./a.example.com"])], "other"))).toEqual(
        [],
      );
    });

    test("are not reported on two clusters", async () => {
      const west = cluster({}, "west");
      const there = {
        ...gateway("second", [server(["a.example.com"])]),
        provider: kubernetes(west),
      };
      expect(await found(west, kubernetes(west), first, there)).toEqual([]);
    });
  });

  describe("VirtualServices with the same host for sidecars", () => {
    const first = virtualService("first", { hosts: ["reviews"] });
    const said = [
      'VirtualService "second": spec.hosts contains reviews.shop.svc.cluster.local, but VirtualService "first" also routes it for the sidecars, and only one of the two takes effect. Merge them into one VirtualService.',
    ];

    test("are reported, in any spelling", async () => {
      for (const host of ["reviews", "reviews.shop.svc.cluster.local"]) {
        expect(await found(first, virtualService("second", { hosts: [host] }))).toEqual(said);
      }
      const hosts = ["reviews.shop.svc.cluster.local"];
      expect(
        await found(first, virtualService("second", { hosts, gateways: ["mesh"] }, "other")),
      ).toEqual(said);
      expect(await found(first, virtualService("second", { hosts, gateways: [] }))).toEqual(said);
    });

    test.each<[string, Fixture]>([
      ["another host", virtualService("second", { hosts: ["ratings"] })],
      [
        "the short name of a service in another namespace",
        virtualService("second", { hosts: ["reviews"] }, "b"),
      ],
      ["a gateway", virtualService("second", { hosts: ["reviews"], gateways: ["shop"] })],
      ["unknown gateways", virtualService("second", { hosts: ["reviews"], gateways: UNKNOWN })],
      ["an unknown namespace", virtualService("second", { hosts: ["reviews"] }, UNKNOWN)],
    ])("are not reported with %s", async (_, second) => {
      expect(await found(first, second)).toEqual([]);
    });

    test.each<[unknown, unknown, number]>([
      [undefined, ["."], 1],
      [["*"], ["other"], 1],
      [["."], ["shop"], 1],
      [["."], ["other"], 0],
      [["a", "b"], ["b"], 1],
      [["a"], ["b"], 0],
      [["a"], [UNKNOWN], 0],
      [["a"], UNKNOWN, 0],
    ])("with exportTo %j and %j are in conflict: %d", async (a, b, count) => {
      const hosts = ["reviews"];
      expect(
        await found(
          virtualService("first", { hosts, exportTo: a }),
          virtualService("second", { hosts, exportTo: b }),
        ),
      ).toHaveLength(count);
    });
  });

  describe("the gateways of a VirtualService", () => {
    const server = { port: { number: 443 }, hosts: ["shop/a.example.com", "*.b.example.com"] };
    const ingress = gateway("public", [server], "ingress");
    const routed = (gateways: unknown, hosts: unknown = ["a.example.com"], where?: unknown) =>
      virtualService("shop", { hosts, gateways }, where);

    test("exist, and open one of its hosts", async () => {
      expect(await found(ingress, routed(["ingress/public", "mesh"]))).toEqual([]);
      expect(await found(ingress, routed(["ingress/public"], ["x.b.example.com", "c"]))).toEqual(
        [],
      );
      expect(await found(gateway("public", [server]), routed(["public"]))).toEqual([]);
    });

    test("are reported if they do not exist", async () => {
      expect(await found(ingress, routed(["ingress/pubic"]))).toEqual([
        'VirtualService "shop": spec.gateways[0] is ingress/pubic, but the stack has no Gateway pubic in ingress. Did you mean public?',
      ]);
      expect(await found(ingress, routed(["ingress/internal-only"]))).toEqual([
        'VirtualService "shop": spec.gateways[0] is ingress/internal-only, but the stack has no Gateway internal-only in ingress. Name an existing one: public.',
      ]);
    });

    test("may exist if the stack has none", async () => {
      expect(await found(ingress, routed(["other/internal-only"]))).toEqual([]);
      expect(await found(ingress, routed(["internal-only"]))).toEqual([]);
      expect(await found(ingress, routed([UNKNOWN]))).toEqual([]);
    });

    const unseen = (namespace: string) => helmRelease(provider, { namespace });

    test("may exist outside the stack, unless the name is a near miss", async () => {
      const near = [
        '(VirtualService "shop": spec.gateways[0] is ingress/pubic, but the stack has no Gateway pubic in ingress. Did you mean public?)',
      ];
      const far = routed(["ingress/internal-only"]);
      expect(await found(ingress, unseen("ingress"), far)).toEqual([
        '(VirtualService "shop": the stack does not show the Gateway internal-only in ingress (spec.gateways[0] is ingress/internal-only), but Release "shop" may create it. Correct the name, or add the Gateway to the program. If something else creates it, exempt VirtualService "shop" from istio-config-conflicts in exceptions of mesh-scope.)',
      ]);
      expect(await foundInForeign(ingress, far)).toEqual([]);
      expect(await found(ingress, unseen("cert-manager"), far)).toHaveLength(1);
      expect(await found(ingress, unseen("ingress"), routed(["ingress/pubic"]))).toEqual(near);
      expect(await foundInForeign(ingress, routed(["ingress/pubic"]))).toEqual(near);
    });

    const alone =
      'VirtualService "shop": spec.gateways[0] is public, which means shop/public, but the stack has the Gateway public only in ingress. Use ingress/public.';

    test("are not found by a short name from another namespace", async () => {
      expect(await found(ingress, routed(["public"]))).toEqual([alone]);
      expect(await found(ingress, routed(["shop/public"]))).toEqual([
        'VirtualService "shop": spec.gateways[0] is shop/public, but the stack has the Gateway public only in ingress. Use ingress/public.',
      ]);
      expect(await found(ingress, gateway("public", [server]), routed(["public"]))).toEqual([]);
      const [one, two] = [
        ingress,
        { ...gateway("public", [server], "b", "egress"), name: "b-public" },
      ];
      expect(await found(one, two, routed(["public"]))).toEqual([
        'VirtualService "shop": spec.gateways[0] is public, which means shop/public, but the stack has the Gateway public only in b and ingress. Use b/public or ingress/public.',
      ]);
    });

    test("may exist next to the VirtualService if something in the stack may create them", async () => {
      expect(await foundInForeign(ingress, routed(["public"]))).toEqual([`(${alone})`]);
      expect(await foundInForeign(ingress, routed(["shop/public"]))).toEqual([]);
      expect(await found(ingress, unseen("shop"), routed(["public"]))).toEqual([`(${alone})`]);
      expect(await found(ingress, unseen("shop"), routed(["shop/public"]))).toEqual([]);
      const somewhere = gateway("public", [server], UNKNOWN);
      expect(await found(somewhere, routed(["public"]))).toEqual([]);
    });

    test("may exist only on another cluster", async () => {
      const west = cluster({}, "west");
      const there = { ...ingress, provider: kubernetes(west) };
      expect(await found(west, kubernetes(west), there, routed(["public"]))).toEqual([]);
    });

    test.each(["./public", "public.shop", "public.shop.svc.cluster.local"])(
      "may be written %s",
      async (written) => {
        expect(await found(gateway("public", [server]), routed([written]))).toEqual([]);
        expect(await found(gateway("private", [server]), routed([written]))).toEqual([
          expect.stringContaining("the stack has no Gateway public in shop."),
        ]);
      },
    );

    test("may be of the Gateway API", async () => {
      const other = made("gateway.networking.k8s.io/v1", "Gateway", "api", {}, "ingress");
      expect(await found(ingress, other, routed(["ingress/api"]))).toEqual([]);
    });

    test("are reported if they open none of its hosts", async () => {
      expect(await found(ingress, routed(["ingress/public"], ["c.example.com"]))).toEqual([
        `VirtualService "shop": spec.gateways[0] is ingress/public, which opens none of the VirtualService's hosts (c.example.com) to shop, so it routes nothing from this gateway. Add a host to the Gateway, or name a Gateway that has one.`,
      ]);
      // The first host is for routes from another namespace.
      expect(await found(ingress, routed(["ingress/public"], ["a.example.com"], "b"))).toHaveLength(
        1,
      );
    });

    test("may open unknown hosts", async () => {
      const open = (hosts: unknown) => gateway("public", [{ port: {}, hosts }], "ingress");
      expect(await found(open([UNKNOWN]), routed(["ingress/public"]))).toEqual([]);
      expect(await found(open(UNKNOWN), routed(["ingress/public"]))).toEqual([]);
      expect(await found(ingress, routed(["ingress/public"], [UNKNOWN]))).toEqual([]);
    });
  });

  describe("the destinations of a VirtualService", () => {
    const reviews = service("reviews");

    test.each<[string, object]>([
      [
        "http[0].route[0].destination",
        { http: [{ route: [{ destination: { host: "review" } }] }] },
      ],
      ["tcp[0].route[0].destination", { tcp: [{ route: [{ destination: { host: "review" } }] }] }],
      ["tls[0].route[0].destination", { tls: [{ route: [{ destination: { host: "review" } }] }] }],
      ["http[0].mirror", { http: [{ mirror: { host: "review" } }] }],
      [
        "http[0].mirrors[0].destination",
        { http: [{ mirrors: [{ destination: { host: "review" } }] }] },
      ],
    ])("are reported if the service does not exist: %s", async (place, spec) => {
      expect(await found(reviews, virtualService("shop", spec))).toEqual([
        `VirtualService "shop": spec.${place}.host is review, but the stack has no Service review in shop. Did you mean reviews?`,
      ]);
    });

    test.each<[string, Fixture[]]>([
      ["the service", [reviews, virtualService("shop", to({ host: "reviews" }))]],
      [
        "its full name",
        [reviews, virtualService("shop", to({ host: "reviews.shop.svc.cluster.local" }), "b")],
      ],
      ["an external host", [reviews, virtualService("shop", to({ host: "api.example.com" }))]],
      [
        "a service in a namespace without any",
        [reviews, virtualService("shop", to({ host: "x" }), "b")],
      ],
      ["an unknown host", [reviews, virtualService("shop", to({ host: UNKNOWN }))]],
      ["an unknown namespace", [reviews, virtualService("shop", to({ host: "x" }), UNKNOWN)]],
      [
        "one of several with generated names",
        [
          reviews,
          object(provider, "core/v1", "Service", { metadata: { namespace: "shop" } }, "auto"),
          virtualService("shop", to({ host: "review" })),
        ],
      ],
      [
        "a host of a ServiceEntry",
        [
          reviews,
          entry("old", { hosts: ["old.shop.svc.cluster.local", "*.eu.example.com"] }),
          virtualService("shop", to({ host: "old" })),
          virtualService("b", { ...to({ host: "a.eu.example.com" }), hosts: ["b.example.com"] }),
        ],
      ],
    ])("accepts %s", async (_, stack) => {
      expect(await found(...stack)).toEqual([]);
    });

    const host = 'VirtualService "shop": spec.http[0].route[0].destination.host';
    const inShop = "only in shop. Use reviews.shop.svc.cluster.local.";
    const alone = (where: string) =>
      `${host} is reviews, which means reviews.${where}.svc.cluster.local, but the stack has the Service reviews ${inShop}`;
    const bare = virtualService("shop", to({ host: "reviews" }), "ingress");

    test("are not found by a short name from another namespace", async () => {
      expect(await found(reviews, bare)).toEqual([alone("ingress")]);
      const whole = to({ host: "reviews.ingress.svc.cluster.local" });
      expect(await found(reviews, virtualService("shop", whole))).toEqual([
        `${host} is reviews.ingress.svc.cluster.local, but the stack has the Service reviews ${inShop}`,
      ]);
      const beside = { ...service("reviews", [], "ingress"), name: "beside" };
      expect(await found(reviews, beside, bare)).toEqual([]);
      // A patch changes an object that another owner creates.
      const patch = { ...reviews, type: `${reviews.type}Patch` };
      expect(await found(patch, bare)).toEqual([]);
    });

    test("are not found next to the add-on's gateways, whose namespace has no other services", async () => {
      const there = virtualService("shop", to({ host: "reviews" }), "aks-istio-ingress");
      expect(await foundInForeign(reviews, there)).toEqual([alone("aks-istio-ingress")]);
      const release = helmRelease(provider, { namespace: "aks-istio-ingress" });
      expect(await foundInForeign(reviews, release, there)).toEqual([
        `(${alone("aks-istio-ingress")})`,
      ]);
    });

    test("may be in a namespace with objects outside the stack", async () => {
      expect(await foundInForeign(reviews, bare)).toEqual([`(${alone("ingress")})`]);
      const whole = to({ host: "reviews.ingress.svc.cluster.local" });
      expect(await foundInForeign(reviews, virtualService("shop", whole))).toEqual([]);
    });

    test.each<[unknown, number]>([
      [undefined, 1],
      ["*", 1],
      ["b, ingress", 1],
      [UNKNOWN, 1],
      [".", 0],
      ["b", 0],
    ])("are looked up among visible services: exported to %s, %d", async (exportTo, count) => {
      const annotations = { "networking.istio.io/exportTo": exportTo };
      const metadata = { name: "reviews", namespace: "shop", annotations };
      const exported = { ...reviews, props: { ...reviews.props, metadata } };
      expect(await found(exported, bare)).toHaveLength(count);
    });

    test("may come from a visible ServiceEntry", async () => {
      const known = (exportTo: unknown) =>
        entry("old", { hosts: ["old.shop.svc.cluster.local"], exportTo }, "b");
      const old = virtualService("shop", to({ host: "old" }));
      expect(await found(reviews, known(["*"]), old)).toEqual([]);
      expect(await found(reviews, known(["shop"]), old)).toEqual([]);
      expect(await found(reviews, known(UNKNOWN), old)).toEqual([]);
      expect(await found(reviews, known(["."]), old)).toEqual([
        `${host} is old, but the stack has no Service old in shop. Name an existing one: reviews.`,
      ]);
    });

    test.each(["reviews.shop", "reviews.shop.svc"])(
      "reports %s, which is incomplete",
      async (host) => {
        expect(await found(reviews, virtualService("shop", to({ host })))).toEqual([
          `VirtualService "shop": spec.http[0].route[0].destination.host is ${host}, which Istio treats as a host outside the cluster, because it expands only names without a dot. Use reviews.shop.svc.cluster.local.`,
        ]);
        const known = entry("reviews", { hosts: [host] });
        expect(await found(reviews, known, virtualService("shop", to({ host })))).toEqual([]);
      },
    );

    describe("ports", () => {
      const two = service("reviews", [{ port: 80 }, { port: 9090 }]);
      const route = (port?: unknown) => virtualService("shop", to({ host: "reviews", port }));
      const place = 'VirtualService "shop": spec.http[0].route[0].destination';

      test("are required if a service has several", async () => {
        expect(await found(two, route())).toEqual([
          `${place}.port.number is not set, but spec.http[0].route[0].destination.host is reviews.shop.svc.cluster.local, which has the ports 80 and 9090. Set it to 80 or 9090.`,
        ]);
        expect(await found(reviews, route())).toEqual([]);
        expect(await found(two, route({ number: 9090 }))).toEqual([]);
        expect(await found(two, route({ number: UNKNOWN }))).toEqual([]);
        expect(await found(two, route(UNKNOWN))).toEqual([]);
      });

      test("must exist", async () => {
        expect(await found(reviews, route({ number: 8080 }))).toEqual([
          `${place}.port.number is 8080, but spec.http[0].route[0].destination.host is reviews.shop.svc.cluster.local, which has the port 80. Set it to 80.`,
        ]);
        expect(await found(service("reviews", UNKNOWN), route({ number: 8080 }))).toEqual([]);
        expect(await found(service("reviews", [{ port: UNKNOWN }]), route())).toEqual([]);
      });

      test("of a ServiceEntry must exist too", async () => {
        const api = entry("api", {
          hosts: ["api.example.com"],
          ports: [{ number: 443 }, { number: 80 }],
        });
        const calls = (port?: object) =>
          virtualService("api", to({ host: "api.example.com", port }));
        expect(await found(api, calls())).toHaveLength(1);
        expect(await found(api, calls({ number: 443 }))).toEqual([]);
        expect(await found(api, calls({ number: 8443 }))).toHaveLength(1);
      });
    });

    describe("subsets", () => {
      const route = (subset: unknown) => virtualService("shop", to({ host: "reviews", subset }));
      const versions = (...names: unknown[]) =>
        rule("reviews", { host: "reviews", subsets: names.map((name) => ({ name })) });
      const place = 'VirtualService "shop": spec.http[0].route[0].destination.subset';

      test("must exist", async () => {
        expect(await found(reviews, versions("stable", "canary"), route("canary"))).toEqual([]);
        expect(await found(reviews, versions("stable"), route("stabel"))).toEqual([
          `${place} is stabel, which DestinationRule "reviews" does not define. Did you mean stable?`,
        ]);
        expect(await found(reviews, versions("stable"), route("v2"))).toEqual([
          `${place} is v2, which DestinationRule "reviews" does not define. Add it there.`,
        ]);
      });

      test("require a DestinationRule", async () => {
        expect(await found(reviews, route("v2"))).toEqual([
          `${place} is v2, but no DestinationRule in the stack defines subsets of reviews.shop.svc.cluster.local. Add one that defines it.`,
        ]);
        expect(await found(route("v2"))).toEqual([]);
        expect(await foundInForeign(reviews, route("v2"))).toEqual([]);
      });

      test.each(["shop", "aks-istio-system"])(
        "may be in a rule outside the stack in %s",
        async (where) => {
          const release = helmRelease(provider, { namespace: where });
          expect(await found(reviews, release, route("v2"))).toEqual([
            '(VirtualService "shop": the stack does not show a DestinationRule with the subset v2 of reviews.shop.svc.cluster.local, which spec.http[0].route[0].destination.subset names, but Release "shop" may create it. Add one to the program. If something else creates it, exempt VirtualService "shop" from istio-config-conflicts in exceptions of mesh-scope.)',
          ]);
          const other = helmRelease(provider, { namespace: "cert-manager" });
          expect(await found(reviews, other, route("v2"))).toHaveLength(1);
          // A host has one DestinationRule, which is in the stack.
          expect(await found(reviews, versions("v1"), release, route("v2"))).toHaveLength(1);
        },
      );

      test("may have unknown names", async () => {
        expect(await found(reviews, versions(UNKNOWN), route("v2"))).toEqual([]);
        expect(await found(reviews, versions("v1"), route(UNKNOWN))).toEqual([]);
      });
    });
  });

  describe("DestinationRules", () => {
    test("name an existing service", async () => {
      expect(await found(service("reviews"), rule("reviews", { host: "revews" }))).toEqual([
        'DestinationRule "reviews": spec.host is revews, but the stack has no Service revews in shop. Did you mean reviews?',
      ]);
    });

    const subset = (labels: unknown) =>
      rule("reviews", { host: "reviews", subsets: [{ name: "v2", labels }] });
    const reviews = service("reviews");
    const v1 = deployment("v1", { app: "reviews", version: "v1" });
    const route = virtualService("shop", to({ host: "reviews", subset: "v2" }));
    const empty = [
      'DestinationRule "reviews": spec.subsets[0].labels matches none of the pods of reviews.shop.svc.cluster.local, so requests that VirtualService "shop" routes to the subset fail. Set it to labels that the pods have.',
    ];

    test("have subsets that match pods", async () => {
      expect(await found(reviews, v1, route, subset({ version: "v2" }))).toEqual(empty);
      expect(await found(reviews, v1, route, subset({ version: "v1" }))).toEqual([]);
    });

    test("may have subsets without routes", async () => {
      const v2 = subset({ version: "v2" });
      const routed = (destination: unknown, where?: string) =>
        virtualService("shop", to(destination), where);
      const whole = "reviews.shop.svc.cluster.local";
      expect(await found(reviews, v1, v2)).toEqual([]);
      expect(await found(reviews, v1, v2, routed({ host: "reviews" }))).toEqual([]);
      expect(await found(reviews, v1, v2, routed({ host: "reviews", subset: UNKNOWN }))).toEqual(
        [],
      );
      const mirror = { hosts: ["a"], http: [{ mirror: { host: whole, subset: "v2" } }] };
      expect(await found(reviews, v1, v2, virtualService("shop", mirror, "b"))).toEqual(empty);
    });

    test("may have subsets of pods outside the stack", async () => {
      const v2 = subset({ version: "v2" });
      expect(await foundInForeign(reviews, v1, route, v2)).toEqual([]);
      const release = helmRelease(provider, { namespace: "shop" });
      expect(await found(reviews, v1, route, v2, release)).toEqual([
        '(DestinationRule "reviews": the stack does not show a pod of reviews.shop.svc.cluster.local that spec.subsets[0].labels matches, but Release "shop" may create it. Set the labels to those of pods in the program. If something else creates such a pod, exempt DestinationRule "reviews" from istio-config-conflicts in exceptions of mesh-scope.)',
      ]);
      const other = helmRelease(provider, { namespace: "b" });
      expect(await found(reviews, v1, route, v2, other)).toEqual(empty);
    });

    test("may have subsets of pods on another cluster", async () => {
      const west = cluster({}, "west");
      const onWest = kubernetes(west);
      const there = { ...v1, provider: onWest };
      expect(await found(west, onWest, reviews, there, route, subset({ version: "v2" }))).toEqual(
        [],
      );
    });

    test.each<[string, Fixture[]]>([
      ["of a service outside the stack", [v1, subset({ version: "v2" })]],
      ["of pods outside the stack", [reviews, subset({ version: "v2" })]],
      [
        "of pods elsewhere",
        [reviews, { ...deployment("v1", { app: "reviews" }, "b") }, subset({ version: "v2" })],
      ],
      [
        "of other pods",
        [reviews, deployment("ratings", { app: "ratings" }), subset({ version: "v2" })],
      ],
      ["by the location of pods", [reviews, v1, subset({ "topology.kubernetes.io/zone": "1" })]],
      [
        "by labels that injection adds",
        [reviews, v1, subset({ "service.istio.io/canonical-revision": "v1" })],
      ],
      ["by unknown labels", [reviews, v1, subset(UNKNOWN)]],
      ["by an unknown value", [reviews, v1, subset({ version: UNKNOWN })]],
      [
        "of pods with unknown labels",
        [
          reviews,
          made("apps/v1", "Deployment", "v1", { template: UNKNOWN }),
          subset({ version: "v2" }),
        ],
      ],
    ])("may have subsets %s", async (_, stack) => {
      expect(await found(...stack, route)).not.toContainEqual(empty[0]);
    });
  });

  describe("Telemetries", () => {
    const selecting = (labels: unknown) => ({ selector: { matchLabels: labels } });

    test("without a selector: one per namespace", async () => {
      const first = telemetry("first", {});
      expect(await found(first, telemetry("second", {}))).toEqual([
        'Telemetry "second": it has no selector, and neither does Telemetry "first". Both apply to all workloads of shop, but only one of the two takes effect. Merge them into one Telemetry.',
      ]);
      expect(await found(first, telemetry("second", {}, "b"))).toEqual([]);
      expect(await found(first, telemetry("second", selecting({ app: "a" })))).toEqual([]);
      expect(await found(first, telemetry("second", { targetRefs: [{}] }))).toEqual([]);
      expect(await found(first, telemetry("second", {}, UNKNOWN))).toEqual([]);
    });

    test("with selectors: one per workload", async () => {
      const web = deployment("web", { app: "web", tier: "front" });
      const [byApp, byTier] = [
        telemetry("first", selecting({ app: "web" })),
        telemetry("second", selecting({ tier: "front" })),
      ];
      expect(await found(web, byApp, byTier)).toEqual([
        'Telemetry "second": spec.selector.matchLabels selects Deployment "web", and so does Telemetry "first", but only one of the two takes effect. Merge them into one Telemetry, or make them select different workloads.',
      ]);
      expect(await found(byApp, byTier)).toEqual([]);
      expect(await found(web, byApp, telemetry("second", selecting({ app: "b" })))).toEqual([]);
      expect(await found(web, byApp, telemetry("second", selecting(UNKNOWN)))).toEqual([]);
    });
  });

  describe("ServiceEntries", () => {
    const ports = (protocol: unknown, number: unknown = 443) => ({
      hosts: ["api.example.com"],
      ports: [{ number, protocol }],
    });
    const first = entry("first", ports("TLS"));

    test("agree on the protocol of a port", async () => {
      expect(await found(first, entry("second", ports("HTTPS"), "b"))).toEqual([
        'ServiceEntry "second": spec.ports sets the protocol of api.example.com:443 to HTTPS, but ServiceEntry "first" sets it to TLS. Set both to the same protocol.',
      ]);
      expect(await found(first, entry("second", ports("tls")))).toEqual([]);
      expect(await found(first, entry("second", ports("HTTP", 80)))).toEqual([]);
      expect(await found(first, entry("second", ports(UNKNOWN)))).toEqual([]);
      expect(
        await found(first, entry("second", { ...ports("HTTPS"), hosts: ["b.example.com"] })),
      ).toEqual([]);
    });

    test("may differ if no client sees both", async () => {
      const own = (name: string, protocol: string, where: string) =>
        entry(name, { ...ports(protocol), exportTo: ["."] }, where);
      expect(await found(own("first", "TLS", "a"), own("second", "HTTPS", "b"))).toEqual([]);
      expect(await found(own("first", "TLS", "a"), own("second", "HTTPS", "a"))).toHaveLength(1);
    });
  });

  test("resolves a namespace that comes from another object of the stack", async () => {
    const shop = namespace(provider);
    const from = { metadata: [shop] };
    const taken = [
      service("reviews", [{ port: 80 }], UNKNOWN),
      virtualService("shop", to({ host: "review" }), UNKNOWN),
    ];
    expect(await foundInForeign(shop, ...taken.map((one) => ({ ...one, from })))).toHaveLength(1);
  });

  test("judges the objects in a list", async () => {
    const item = (name: string) => ({
      metadata: { name, namespace: "shop" },
      spec: { hosts: ["reviews"] },
    });
    const list = object(provider, NETWORKING, "VirtualServiceList", {
      items: [item("a"), item("b")],
    });
    expect(await found(list)).toEqual([
      expect.stringContaining(
        'VirtualService "b": items[1].spec.hosts contains reviews.shop.svc.cluster.local',
      ),
    ]);
  });

  test("leaves alone patches, and a cluster without the add-on", async () => {
    const two = [
      virtualService("first", { hosts: ["a"] }),
      virtualService("second", { hosts: ["a"] }),
    ];
    const patches = two.map((one) => ({ ...one, type: `${one.type}Patch` }));
    expect(await found(...patches)).toEqual([]);
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const moved = two.map((one) => ({ ...one, provider: on }));
    expect(await run(istioConfigConflicts, [plain, on, ...moved])).toEqual([]);
  });
});
