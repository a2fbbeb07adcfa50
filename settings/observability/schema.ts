import { z } from "zod";
import { wholeNumber } from "../core/numbers.ts";
import { AUDIT_LOGS, CONTROL_PLANE_LOGS } from "../../mesh/controlPlaneLogs.ts";
import { Duration, ObjectId, keys, list } from "../core/scalars.ts";

const INTERVAL_RULE =
  "must be from 15s to 2m: Istio's dashboards show rates over five minutes, and a shorter interval costs more than it shows";

const metrics = keys({
  scrapeInterval: Duration.refine((seconds) => seconds >= 15 && seconds <= 120, {
    error: INTERVAL_RULE,
  })
    .prefault("30s")
    .describe("How often Prometheus reads the metrics of proxies, from 15s to 2m."),
  histograms: z
    .enum(["none", "durations", "all"])
    .default("durations")
    .describe(
      "The histograms to keep: none, those of request durations, or all. Histograms make up most of the volume.",
    ),
}).transform(({ scrapeInterval, ...rest }) => ({
  ...rest,
  scrapeIntervalInSeconds: scrapeInterval,
}));

const logs = keys({
  // The limits of Log Analytics.
  retentionInDays: wholeNumber("the number of days", 30, 730)
    .default(30)
    .describe("How long Log Analytics keeps logs, in days."),
  containers: z
    .boolean()
    .default(true)
    .describe("Whether container logs are collected, including the mesh's access logs."),
  controlPlane: list(z.enum(CONTROL_PLANE_LOGS))
    .default([...AUDIT_LOGS])
    .describe(
      "The log categories of the AKS control plane to collect. kube-audit includes kube-audit-admin.",
    ),
});

const principals = keys({
  users: list(ObjectId).default([]).describe("The Entra object IDs of users."),
  groups: list(ObjectId).default([]).describe("The Entra object IDs of groups."),
  servicePrincipals: list(ObjectId)
    .default([])
    .describe("The Entra object IDs of service principals."),
});

const grafana = keys({
  admins: principals
    .prefault({})
    .describe("Who has the role Grafana Admin, besides the cluster's administrators."),
  editors: principals.prefault({}).describe("Who has the role Grafana Editor."),
  viewers: principals.prefault({}).describe("Who has the role Grafana Viewer."),
});

const publicNetworkAccess = keys({
  ingestion: z
    .boolean()
    .default(true)
    .describe("Whether metrics, logs and traces are sent over public endpoints."),
  query: z
    .boolean()
    .default(true)
    .describe("Whether metrics, logs and traces are queried over public endpoints."),
  grafana: z.boolean().default(true).describe("Whether Grafana has a public endpoint."),
});

/**
 * The key `aks-istio:observability`. Everything is on by default, and the cluster's administrators administer Grafana.
 */
export const Observability = keys({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether the stack creates its own metrics, logs, traces and dashboards."),
  metrics: metrics.prefault({}).describe("Metrics in managed Prometheus."),
  logs: logs.prefault({}).describe("Logs in Log Analytics."),
  grafana: grafana
    .prefault({})
    .describe("Who uses Managed Grafana. Each object ID may be named once."),
  publicNetworkAccess: publicNetworkAccess
    .prefault({})
    .describe("Which endpoints of the monitoring services are public."),
})
  .prefault({})
  .describe(
    "Metrics, logs and traces of the mesh: managed Prometheus, Log Analytics, Application Insights and Managed Grafana. Without it, the stack has all of them.",
  );
