import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";

/** Which histograms of the proxies keep their buckets: those of request durations, all, or none. */
export type Histograms = "none" | "durations" | "all";

export interface MeshMonitorsArgs {
  /** Seconds between two looks at each istiod and proxy. Half of it is twice the cost. */
  readonly scrapeIntervalInSeconds: number;
  /**
   * Azure charges by the sample, and buckets are most of them: for each pair of workloads, response code and so on
   * there is 1 series of requests, and there are 22 of durations, 22 of request sizes and 22 of response sizes, 20 of
   * them buckets each. Percentiles take buckets; averages and rates do not. Hence `durations`, of which dashboards and
   * alerts want percentiles, keeps 27 of those 67, `none` 7.
   *
   * @see https://istio.io/latest/docs/reference/config/metrics/
   */
  readonly histograms: Histograms;
}

/**
 * Tells managed Prometheus to take the metrics of the mesh: of istiod, and of every Envoy, whether sidecar, ingress,
 * egress or Gateway API gateway.
 *
 * They are monitors and no ConfigMap because a cluster has one ConfigMap, for everybody, and any number of monitors.
 * Nor are they the annotations that Istio puts on pods: with those the application's own metrics come along.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd
 */
export function meshMonitors(
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
        // Istio's dashboards know istiod by this label. The other tells revisions apart during an upgrade.
        jobLabel: "app",
        targetLabels: ["app", "istio.io/rev"],
        selector: {
          matchLabels: { app: "istiod" },
          // A revision tag has a service of its own in front of the same pods, which would count twice.
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
        // Only a container of Istio's has the port, and there is no label that sidecars and gateways share.
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

/** Not the group `monitoring.coreos.com`, which Azure leaves to a Prometheus of the user's own. */
const AZURE_MONITOR = { apiVersion: "azmonitoring.coreos.com/v1" };

/** What is over these limits of the service is lost; with them here, it shows as a target that is down. */
const LIMITS = { labelLimit: 63, labelNameLengthLimit: 511, labelValueLengthLimit: 1023 };

/** Names of the series that are not kept. */
const DROPPED: Readonly<Record<Exclude<Histograms, "all">, string>> = {
  durations: "(istio_(request|response)_bytes|envoy_.+)_bucket",
  none: "(istio|envoy)_.+_bucket",
};

function dropped(histograms: Histograms) {
  if (histograms === "all") return {};
  const regex = DROPPED[histograms];
  return { metricRelabelings: [{ action: "drop", sourceLabels: ["__name__"], regex }] };
}
