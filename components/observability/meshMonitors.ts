import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";

/** The proxy histograms whose buckets are kept: those of request durations, all, or none. */
export type Histograms = "none" | "durations" | "all";

export interface MeshMonitorsArgs {
  /** Seconds between scrapes of each istiod and proxy. Half the interval doubles the cost. */
  readonly scrapeIntervalInSeconds: number;
  /**
   * Azure charges by the sample, and most samples are buckets: each combination of workloads, response code and so on
   * has 1 series of requests, and 22 series each of durations, request sizes and response sizes, of which 20 are
   * buckets. Percentiles require buckets; averages and rates do not. `durations`, for which dashboards and alerts use
   * percentiles, keeps 27 of those 67 series; `none` keeps 7.
   *
   * @see https://istio.io/latest/docs/reference/config/metrics/
   */
  readonly histograms: Histograms;
}

/**
 * Makes managed Prometheus scrape the mesh: istiod, and every Envoy, whether sidecar, ingress, egress or Gateway API
 * gateway.
 *
 * Uses monitors rather than a ConfigMap, because a cluster has only one ConfigMap for all users, but any number of
 * monitors. The annotations that Istio adds to pods would also scrape the applications' own metrics.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd
 */
export function createMeshMonitors(
  name: string,
  args: MeshMonitorsArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const interval = `${args.scrapeIntervalInSeconds}s`;
  new k8s.apiextensions.CustomResource(
    `${name}-istiod`,
    {
      ...AZURE_MONITOR,
      kind: "ServiceMonitor",
      metadata: { name: "istiod", namespace: CONTROL_PLANE_NAMESPACE },
      spec: {
        ...LIMITS,
        // Istio's dashboards identify istiod by this label. The other one distinguishes revisions
        // during an upgrade.
        jobLabel: "app",
        targetLabels: ["app", "istio.io/rev"],
        selector: {
          matchLabels: { app: "istiod" },
          // A revision tag has its own Service for the same pods, which would be counted twice.
          matchExpressions: [{ key: "istio.io/tag", operator: "DoesNotExist" }],
        },
        namespaceSelector: { matchNames: [CONTROL_PLANE_NAMESPACE] },
        endpoints: [{ port: "http-monitoring", interval }],
      },
    },
    opts,
  );
  new k8s.apiextensions.CustomResource(
    `${name}-envoy-stats`,
    {
      ...AZURE_MONITOR,
      kind: "PodMonitor",
      metadata: { name: "envoy-stats", namespace: CONTROL_PLANE_NAMESPACE },
      spec: {
        ...LIMITS,
        // Only Istio's containers have the port, and sidecars and gateways do not share a label.
        selector: {},
        namespaceSelector: { any: true },
        podMetricsEndpoints: [
          {
            port: "http-envoy-prom",
            path: "/stats/prometheus",
            interval,
            ...dropped(args.histograms),
          },
        ],
      },
    },
    opts,
  );
}

/** Not the group `monitoring.coreos.com`, which Azure leaves to a self-managed Prometheus. */
const AZURE_MONITOR = { apiVersion: "azmonitoring.coreos.com/v1" };

/** The service drops data beyond these limits; with them here, the target is reported as down instead. */
const LIMITS = { labelLimit: 63, labelNameLengthLimit: 511, labelValueLengthLimit: 1023 };

/** Names of the series to drop. */
const DROPPED: Readonly<Record<Exclude<Histograms, "all">, string>> = {
  durations: "(istio_(request|response)_bytes|envoy_.+)_bucket",
  none: "(istio|envoy)_.+_bucket",
};

function dropped(histograms: Histograms) {
  if (histograms === "all") return {};
  const regex = DROPPED[histograms];
  return { metricRelabelings: [{ action: "drop", sourceLabels: ["__name__"], regex }] };
}
