import { describe, expect, test } from "vitest";
import { serviceProbePath } from "../../../../policy/rules/service/service-probe-path.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { HTTP, gateway } from "../../../support/gatewayApi.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const PREFIX = "service.beta.kubernetes.io/";
const PATH = `${PREFIX}azure-load-balancer-health-probe-request-path`;

async function messages(fixture: Fixture, of = mesh) {
  const reports = await run(serviceProbePath, [of, provider, namespace(provider), fixture]);
  return reports.map(({ level, message }) => [level, message]);
}

function service(port: unknown, annotations: unknown = {}, spec: Props = {}): Fixture {
  const metadata = { name: "web", namespace: "shop", annotations };
  const all = { type: "LoadBalancer", ports: [port], ...spec };
  return object(provider, "core/v1", "Service", { metadata, spec: all }, "web");
}

const WEB = { port: 80, appProtocol: "http" };

describe("service-probe-path", () => {
  test.each<[string, Fixture]>([
    ["a path", service(WEB, { [PATH]: "/ready" })],
    ["an unknown path", service(WEB, { [PATH]: UNKNOWN })],
    [
      "a path of the port",
      service(WEB, { [`${PREFIX}port_80_health-probe_request-path`]: "/ready" }),
    ],
    ["TCP probes", service(WEB, { [`${PREFIX}port_80_health-probe_protocol`]: "Tcp" })],
    ["no probes", service(WEB, { [`${PREFIX}port_80_no_probe_rule`]: "true" })],
    ["no rule", service(WEB, { [`${PREFIX}port_80_no_lb_rule`]: "true" })],
    ["no protocol", service({ port: 80, name: "http" })],
    ["another protocol", service({ port: 80, appProtocol: "tcp" })],
    ["probes of kube-proxy", service(WEB, {}, { externalTrafficPolicy: "Local" })],
    ["no load balancer", service(WEB, {}, { type: "ClusterIP" })],
    ["the default type", service(WEB, {}, { type: undefined })],
    ["no ports", service(WEB, {}, { ports: undefined })],
    ["a patch", { ...service(WEB), type: "kubernetes:core/v1:ServicePatch" }],
  ])("accepts %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test("accepts a load balancer that probes the nodes", async () => {
    const shared = (mode: string) =>
      cluster({
        networkProfile: {
          loadBalancerProfile: { clusterServiceLoadBalancerHealthProbeMode: mode },
        },
      });
    expect(await messages(service(WEB), shared("Shared"))).toEqual([]);
    expect(await messages(service(WEB), shared("ServiceNodePort"))).toHaveLength(1);
  });

  test.each([
    ["http", {}],
    ["HTTPS", {}],
    ["http", { [`${PREFIX}port_443_health-probe_request-path`]: "/ready" }],
    ["http", { [`${PREFIX}port_80_health-probe_port`]: "15021" }],
    ["http", { [`${PREFIX}port_80_no_probe_rule`]: "false" }],
    ["http", { [`${PREFIX}port_80_health-probe_protocol`]: "http" }],
  ])("reports the protocol %s with %j", async (appProtocol, annotations) => {
    expect(await messages(service({ port: 80, appProtocol }, annotations))).toEqual([
      [
        "violation",
        `Service "web": spec.ports[0].appProtocol is ${appProtocol}, so the load balancer requests / on port 80, and takes every node out of rotation unless the answer is 200. Set metadata.annotations["${PATH}"] to a path that answers 200, or metadata.annotations["${PREFIX}port_80_health-probe_protocol"] to tcp.`,
      ],
    ]);
  });

  test("accepts a Service outside the mesh", async () => {
    const outside = {
      ...service(WEB),
      props: { ...service(WEB).props, metadata: { name: "web" } },
    };
    expect(await messages(outside)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["spec.type", service(WEB, {}, { type: UNKNOWN })],
    ["spec.ports", service(WEB, {}, { ports: UNKNOWN })],
    ["spec.ports[0].appProtocol", service({ port: 80, appProtocol: UNKNOWN })],
    ["spec.ports[0].port", service({ port: UNKNOWN, appProtocol: "http" })],
    ["metadata.annotations", service(WEB, UNKNOWN)],
  ])("does not judge an unknown %s", async (place, fixture) => {
    expect(await messages(fixture)).toEqual([
      ["unjudged", expect.stringContaining(`Service "web": ${place} is known only`)],
    ]);
  });

  describe("a Gateway", () => {
    const on8080 = { ...HTTP, port: 8080 };
    const made = (listener: unknown, spec: Props = {}, metadata: Props = {}) => ({
      ...gateway("web", [listener], metadata, spec),
      provider,
    });
    const annotated = (annotations: unknown) => ({ infrastructure: { annotations } });

    test.each<[string, Fixture]>([
      ["on port 80, which AKS probes", made(HTTP)],
      ["for HTTPS", made({ name: "https", port: 443, protocol: "HTTPS" })],
      [
        "with a path",
        made(
          on8080,
          annotated({ [`${PREFIX}port_8080_health-probe_request-path`]: "/healthz/ready" }),
        ),
      ],
      [
        "with a ConfigMap, which may set annotations",
        made(on8080, { infrastructure: { parametersRef: { name: "a" } } }),
      ],
      [
        "without a load balancer",
        made(on8080, annotated({ "networking.istio.io/service-type": "ClusterIP" })),
      ],
      [
        "whose own annotation sets the type",
        made(on8080, {}, { annotations: { "networking.istio.io/service-type": "ClusterIP" } }),
      ],
      ["whose pods something else runs", made(on8080, { addresses: [{ value: "a" }] })],
      ["of another class", made(on8080, { gatewayClassName: "nginx" })],
    ])("is accepted %s", async (_, fixture) => {
      expect(await messages(fixture)).toEqual([]);
    });

    test("is reported on another port", async () => {
      const of = `${PREFIX}port_8080_health-probe_`;
      expect(await messages(made(on8080))).toEqual([
        [
          "violation",
          `Gateway "web": spec.listeners[0].port is 8080, for which AKS does not direct the load balancer's probes to Istio's status port, so it requests / from the gateway, and takes every node out of rotation unless a route answers with 200. In spec.infrastructure.annotations, set ${of}protocol to http, ${of}port to 15021, ${of}request-path to /healthz/ready.`,
        ],
      ]);
    });

    test.each<[string, Fixture]>([
      ["spec.infrastructure.annotations", made(on8080, annotated(UNKNOWN))],
      ["spec.listeners", made({}, { listeners: UNKNOWN })],
      ["spec.listeners[0].port", made({ ...HTTP, port: UNKNOWN })],
      ["spec.listeners[0].protocol", made({ ...on8080, protocol: UNKNOWN })],
    ])("is not judged with an unknown %s", async (place, fixture) => {
      expect(await messages(fixture)).toEqual([
        ["unjudged", expect.stringContaining(`Gateway "web": ${place} is known only`)],
      ]);
    });

    test("is accepted on a cluster without the add-on", async () => {
      expect(await messages(made(on8080), cluster({ serviceMeshProfile: undefined }))).toEqual([]);
    });
  });
});
