import { describe, expect, test } from "vitest";
import { istioAddonNames } from "../../../../policy/rules/istio/istio-addon-names.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);

const of = (type: string, spec: unknown, where: unknown = "shop", by = provider): Fixture => {
  const [version = "", kind = ""] = type.split(":");
  return object(by, version, kind, { metadata: { name: "it", namespace: where }, spec }, "it");
};

async function messages(...stack: Fixture[]) {
  return (await run(istioAddonNames, [mesh, provider, ...stack])).map(({ message }) => message);
}

const AUTHORIZATION = "security.istio.io/v1:AuthorizationPolicy";
const ROUTES = "networking.istio.io/v1:VirtualService";
const from = (source: Props) => of(AUTHORIZATION, { rules: [{ from: [{ source }] }] });

describe("istio-addon-names", () => {
  test.each([
    "telemetry.istio.io/v1:Telemetry",
    "networking.istio.io/v1:Sidecar",
    "networking.istio.io/v1alpha3:EnvoyFilter",
    "networking.istio.io/v1beta1:Gateway",
    "security.istio.io/v1:RequestAuthentication",
    "security.istio.io/v1:PeerAuthentication",
    AUTHORIZATION,
  ])("reports %s in istio-system, but not in the add-on's namespaces", async (type) => {
    const kind = type.split(":")[1] ?? "";
    expect(await messages(of(type, {}, "istio-system"))).toEqual([
      `${kind} "it": metadata.namespace is istio-system, which is not the add-on's root namespace, so the object has no effect on the mesh. Set it to aks-istio-system, or to aks-istio-ingress for a Gateway and its routes.`,
    ]);
    for (const where of ["aks-istio-system", "aks-istio-ingress", "istio-systems", UNKNOWN]) {
      expect(await messages(of(type, {}, where))).toEqual([]);
    }
  });

  test("resolves a namespace that comes from another object of the stack", async () => {
    const taken = namespace(provider, {}, "istio-system");
    const one = { ...of(AUTHORIZATION, {}, UNKNOWN), from: { metadata: [taken] } };
    expect(await messages(taken, one)).toHaveLength(1);
  });

  const host = (destination: string) =>
    of(ROUTES, { http: [{ route: [{ destination: { host: destination } }] }] });

  test.each<[Fixture, string, string]>([
    [
      from({ namespaces: ["istio-system"] }),
      "spec.rules[0].from[0].source.namespaces[0]",
      "istio-system",
    ],
    [
      from({
        principals: ["cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"],
      }),
      "spec.rules[0].from[0].source.principals[0]",
      "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account",
    ],
    [of(ROUTES, { gateways: ["istio-system/public"] }), "spec.gateways[0]", "istio-system/public"],
    [
      host("istio-egressgateway.istio-system.svc.cluster.local"),
      "spec.http[0].route[0].destination.host",
      "istio-egressgateway.istio-system.svc.cluster.local",
    ],
    [
      host("istio-egressgateway.istio-system"),
      "spec.http[0].route[0].destination.host",
      "istio-egressgateway.istio-system",
    ],
    [
      of("networking.istio.io/v1:Sidecar", { egress: [{ hosts: ["./*", "istio-system/*"] }] }),
      "spec.egress[0].hosts[1]",
      "istio-system/*",
    ],
  ])("reports a reference to istio-system: %#", async (fixture, path, value) => {
    expect(await messages(fixture)).toEqual([
      expect.stringContaining(
        `: ${path} is ${value}, but the add-on has nothing in istio-system: its control plane is in aks-istio-system, and its ingress gateways are in aks-istio-ingress. Refer to one of those namespaces.`,
      ),
    ]);
  });

  test.each<[string, Fixture]>([
    ["the add-on's namespaces", from({ namespaces: ["aks-istio-ingress", "aks-istio-system"] })],
    [
      "a principal of the add-on",
      from({ principals: ["cluster.local/ns/aks-istio-ingress/sa/a"] }),
    ],
    ["an external host", host("istio-system.example.com")],
    ["an unknown value", from({ namespaces: [UNKNOWN] })],
    ["an unknown list", from({ namespaces: UNKNOWN })],
    ["an unknown spec", of(AUTHORIZATION, UNKNOWN)],
  ])("accepts %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  describe("an Ingress of class istio", () => {
    const ingress = of("networking.k8s.io/v1:Ingress", { ingressClassName: "istio" });
    const configMap = (data: unknown, by = provider) =>
      object(by, "core/v1", "ConfigMap", {
        metadata: { name: "istio-shared-configmap-asm-1-30", namespace: "aks-istio-system" },
        data,
      });

    test("requires an ingressSelector", async () => {
      expect(await messages(ingress, configMap({ mesh: "accessLogFile: /dev/stdout" }))).toEqual([
        'Ingress "it": spec.ingressClassName is istio, but no shared ConfigMap sets ingressSelector, so Istio uses the gateway istio-ingressgateway, which the add-on does not have. Set ingressSelector and ingressService there, or use a Gateway.',
      ]);
      const annotated = object(provider, "networking.k8s.io/v1", "Ingress", {
        metadata: { name: "it", annotations: { "kubernetes.io/ingress.class": "istio" } },
      });
      expect(await messages(annotated, configMap({}))).toHaveLength(1);
      const set = { mesh: "ingressSelector: aks-istio-ingressgateway-external" };
      expect(await messages(ingress, configMap(set))).toEqual([]);
      expect(await messages(ingress, configMap({ mesh: UNKNOWN }))).toEqual([]);
    });

    test("may be configured elsewhere, or be of another class", async () => {
      expect(await messages(ingress)).toEqual([]);
      const other = of("networking.k8s.io/v1:Ingress", { ingressClassName: "nginx" });
      expect(await messages(other, configMap({}))).toEqual([]);
      const west = cluster({}, "west");
      const onWest = kubernetes(west);
      expect(await messages(west, onWest, ingress, configMap({}, onWest))).toEqual([]);
    });
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const there = of("telemetry.istio.io/v1:Telemetry", {}, "istio-system", on);
    expect(await run(istioAddonNames, [plain, on, there])).toEqual([]);
  });
});
