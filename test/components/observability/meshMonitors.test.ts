import { expect, test } from "vitest";
import { createMeshMonitors } from "../../../components/observability/meshMonitors.ts";
import type {
  Histograms,
  MeshMonitorsArgs,
} from "../../../components/observability/meshMonitors.ts";
import { mockEngine } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const POD_MONITOR = "kubernetes:azmonitoring.coreos.com/v1:PodMonitor";
const SERVICE_MONITOR = "kubernetes:azmonitoring.coreos.com/v1:ServiceMonitor";
const LIMITS = { labelLimit: 63, labelNameLengthLimit: 511, labelValueLengthLimit: 1023 };

async function made(args: Partial<MeshMonitorsArgs> = {}): Promise<Recorder> {
  const engine = await mockEngine();
  createMeshMonitors("mesh", { scrapeIntervalInSeconds: 30, histograms: "durations", ...args }, {});
  await engine.settle();
  return engine;
}

test("scrape istiod of every revision, once", async () => {
  const engine = await made();
  expect(engine.one(SERVICE_MONITOR, "mesh-istiod").inputs).toEqual({
    apiVersion: "azmonitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: "istiod", namespace: "aks-istio-system" },
    spec: {
      ...LIMITS,
      jobLabel: "app",
      targetLabels: ["app", "istio.io/rev"],
      selector: {
        matchLabels: { app: "istiod" },
        matchExpressions: [{ key: "istio.io/tag", operator: "DoesNotExist" }],
      },
      namespaceSelector: { matchNames: ["aks-istio-system"] },
      endpoints: [{ port: "http-monitoring", interval: "30s" }],
    },
  });
});

test("scrape every Envoy in every namespace, without the most expensive buckets", async () => {
  const engine = await made();
  expect(engine.one(POD_MONITOR, "mesh-envoy-stats").inputs).toEqual({
    apiVersion: "azmonitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: "envoy-stats", namespace: "aks-istio-system" },
    spec: {
      ...LIMITS,
      selector: {},
      namespaceSelector: { any: true },
      podMetricsEndpoints: [
        {
          port: "http-envoy-prom",
          path: "/stats/prometheus",
          interval: "30s",
          metricRelabelings: [
            {
              action: "drop",
              sourceLabels: ["__name__"],
              regex: "(istio_(request|response)_bytes|envoy_.+)_bucket",
            },
          ],
        },
      ],
    },
  });
});

test("use the configured interval", async () => {
  const engine = await made({ scrapeIntervalInSeconds: 60 });
  expect(engine.one(POD_MONITOR, "mesh-envoy-stats").inputs).toMatchObject({
    spec: { podMetricsEndpoints: [{ interval: "60s" }] },
  });
  expect(engine.one(SERVICE_MONITOR, "mesh-istiod").inputs).toMatchObject({
    spec: { endpoints: [{ interval: "60s" }] },
  });
});

const SERIES = [
  "istio_requests_total",
  "istio_request_duration_milliseconds_bucket",
  "istio_request_duration_milliseconds_sum",
  "istio_request_bytes_bucket",
  "istio_request_bytes_count",
  "istio_response_bytes_bucket",
  "istio_response_bytes_sum",
  "istio_tcp_sent_bytes_total",
  "istio_build",
  "envoy_cluster_upstream_cx_connect_ms_bucket",
  "envoy_cluster_upstream_cx_connect_ms_count",
  "envoy_cluster_upstream_cx_total",
];

test.each<[Histograms, readonly string[]]>([
  ["all", []],
  [
    "durations",
    [
      "istio_request_bytes_bucket",
      "istio_response_bytes_bucket",
      "envoy_cluster_upstream_cx_connect_ms_bucket",
    ],
  ],
  [
    "none",
    [
      "istio_request_duration_milliseconds_bucket",
      "istio_request_bytes_bucket",
      "istio_response_bytes_bucket",
      "envoy_cluster_upstream_cx_connect_ms_bucket",
    ],
  ],
])("with the histograms %s drop %j", async (histograms, dropped) => {
  const engine = await made({ histograms });
  const { inputs } = engine.one(POD_MONITOR, "mesh-envoy-stats");
  const regexes = [...JSON.stringify(inputs).matchAll(/"regex":"([^"]+)"/g)];
  // Prometheus matches whole names.
  const drops = regexes.map(([, regex]) => new RegExp(`^(?:${String(regex)})$`));
  expect(SERIES.filter((name) => drops.some((regex) => regex.test(name)))).toEqual(dropped);
});
