import { describe, expect, test } from "vitest";
import type { PlannedResource } from "../../../../offline/plan/plan.ts";
import { UNKNOWN } from "../../../../offline/plan/values.ts";
import { CLUSTER, allow, app, meshOf, namespace, object, strict } from "../shop.ts";

const shop = namespace("shop", { "istio.io/rev": "asm-1-30" });
const both = [CLUSTER, shop, ...app("shop/web"), ...app("shop/api")];

/** What is said of a service: the mesh, pods outside, and callers with their answers. */
function callers(name: string, ...resources: readonly PlannedResource[]) {
  const services = meshOf(...resources).namespaces.flatMap((one) => one.services);
  const found = services.find((service) => service.name === name);
  return (
    found && [
      found.anyInMesh,
      found.anyOutside,
      found.callers.map(({ label, answer }) => `${label}: ${answer}`),
    ]
  );
}

describe("who may call a service:", () => {
  const from = (principal: string) => [{ from: [{ source: { principals: [principal] } }] }];
  const WEB = "cluster.local/ns/shop/sa/web";
  const web = ["Deployment shop/web: yes"];
  test.each([
    ["everyone without policies", [], ["yes", "yes", web]],
    ["the mesh with STRICT", [strict], ["yes", "no", web]],
    ["nobody with a default deny", [strict, allow("shop/deny", undefined)], ["no", "no", []]],
    ["the principal of a rule", [strict, allow("shop/api", from(WEB), "api")], ["no", "no", web]],
    [
      "nobody if the principal is another",
      [strict, allow("shop/api", from("cluster.local/ns/shop/sa/other"), "api")],
      ["no", "no", []],
    ],
    [
      "some requests, if a rule has a path",
      [
        strict,
        allow(
          "shop/api",
          [{ ...from(WEB)[0], to: [{ operation: { methods: ["POST"], paths: ["/x"] } }] }],
          "api",
        ),
      ],
      ["no", "no", ["Deployment shop/web: unknown"]],
    ],
    [
      "nothing is said if a policy is not known",
      [strict, allow("shop/api", from(UNKNOWN), "api")],
      ["unknown", "unknown", []],
    ],
  ] as const)("%s", (_, policies, expected) => {
    expect(callers("api", ...both, ...policies)).toEqual(expected);
  });

  test("a workload without a sidecar may not call one with STRICT", () => {
    const outside = [namespace("batch", {}), ...app("batch/job")];
    expect(callers("api", ...both, ...outside, strict)).toEqual(["yes", "no", web]);
  });
});

test.each([
  [{ "istio.io/rev": "asm-1-30" }, "istio.io/rev=asm-1-30", "injected"],
  [{ "istio.io/rev": "asm-1-29" }, "istio.io/rev=asm-1-29", "not-injected"],
  [{ "istio-injection": "enabled" }, "istio-injection=enabled", "not-injected"],
  [{ "istio.io/rev": UNKNOWN }, "istio.io/rev=(not known)", "unknown"],
  [{}, undefined, "not-injected"],
])("a namespace with the labels %j", (labels, label, outcome) => {
  const [found] = meshOf(CLUSTER, namespace("shop", labels)).namespaces;
  expect([found?.label, found?.sidecar.outcome]).toEqual([label, outcome]);
});

test.each([
  ["nothing", null, undefined, "not-injected"],
  ["a text", "web", undefined, "not-injected"],
  ["labels of which one is nothing", { team: null }, undefined, "not-injected"],
  ["labels that are not known", UNKNOWN, "istio.io/rev=(not known)", "unknown"],
])("a namespace may have %s as its labels", (_, labels, label, outcome) => {
  const odd = object("v1", "Namespace", "shop", undefined, { labels });
  const [found] = meshOf(CLUSTER, odd).namespaces;
  expect([found?.label, found?.sidecar.outcome]).toEqual([label, outcome]);
});

test("the sidecars of a namespace that the plan does not contain are not known", () => {
  const mesh = meshOf(CLUSTER, ...app("shop/web"));
  expect(
    mesh.namespaces.map(({ urn, workloads }) => [urn, workloads.map((one) => one.sidecar.outcome)]),
  ).toEqual([[undefined, ["unknown"]]]);
  expect(mesh.namespaces[0]?.services[0]?.unknown).toBe(
    "Whether Deployment shop/web has a sidecar is not known.",
  );
});

const gateway = object("networking.istio.io/v1", "Gateway", "aks-istio-ingress/shop", {
  selector: { istio: "aks-istio-ingressgateway-external" },
  servers: [
    {
      hosts: ["shop/shop.example.com"],
      port: { name: "https", number: 443, protocol: "HTTPS" },
      tls: { mode: "SIMPLE", credentialName: UNKNOWN },
    },
  ],
});
const routeTo = (host: string) =>
  object("networking.istio.io/v1", "VirtualService", "shop/shop", {
    hosts: ["shop.example.com"],
    gateways: ["aks-istio-ingress/shop"],
    http: [{ route: [{ destination: { host, port: { number: 80 } } }] }],
  });

describe("a host of a gateway", () => {
  const routes = (...more: readonly PlannedResource[]) =>
    meshOf(...both, strict, gateway, ...more).gateways.flatMap(({ hosts }) =>
      hosts.map(({ host, port, tls, routes: to }) => [
        `${host}:${port} ${tls}`,
        to.map(({ service, answer }) => [service, answer]),
      ]),
    );
  const host = "shop.example.com:443 terminated";
  test.each([
    ["leads to a service", [routeTo("web")], [["Service shop/web", "yes"]]],
    [
      "is blocked by a default deny",
      [routeTo("web"), allow("shop/deny", undefined)],
      [["Service shop/web", "no"]],
    ],
    ["leads nowhere", [routeTo("nobody")], [[undefined, "no"]]],
    ["has no route", [], []],
  ] as const)("%s", (_, more, expected) => {
    expect(routes(...more)).toEqual([[host, expected]]);
  });
});

test("a Gateway that selects no gateway of the cluster is told", () => {
  const astray = object("networking.istio.io/v1", "Gateway", "shop/astray", {
    selector: { istio: "ingressgateway" },
    servers: [],
  });
  expect(meshOf(CLUSTER, astray).notShown).toEqual([
    "Gateway shop/astray opens no port of a gateway that the picture shows.",
  ]);
});

test("objects on a cluster that the plan does not contain say that it may lack the add-on", () => {
  const mesh = meshOf(object("v1", "ConfigMap", "shop/settings", undefined));
  expect([mesh.name, mesh.addon, mesh.revisions]).toEqual([
    "A cluster that the plan does not contain",
    "unknown",
    undefined,
  ]);
});
