import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { logsSentOf } from "../../model/azure/diagnosticSettings.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/**
 * The log categories that an audit needs: who changed what, and who signed in. `kube-audit` also records reads.
 *
 * @see https://learn.microsoft.com/azure/aks/monitor-aks#aks-control-planeresource-logs
 */
const AUDIT_CATEGORIES: readonly (readonly [string, ...string[]])[] = [
  ["kube-audit-admin", "kube-audit"],
  ["guard"],
];

interface Config {
  readonly auditLogsElsewhere: boolean;
}

export const aksMonitoring = defineRule<AksCluster, Config>({
  name: "aks-monitoring",
  displayName: "Metrics and audit logs are collected",
  description:
    "The cluster sends its metrics to managed Prometheus, and its control plane's audit logs are stored.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set azureMonitorProfile.metrics.enabled to true, and add a DiagnosticSetting for the cluster with the categories kube-audit-admin and guard. If Azure Policy or another stack collects the logs, set the auditLogsElsewhere setting of this rule to true.",
  url: "https://learn.microsoft.com/azure/aks/monitor-aks",
  tags: [
    "aks",
    "PSRule:Azure.AKS.AuditLogs",
    "PSRule:Azure.AKS.AuditAdmin",
    "checkov:CKV_AZURE_4",
    "Trivy:AZU-0040",
  ],
  config: {
    auditLogsElsewhere: {
      type: "boolean",
      default: false,
      description: "Whether Azure Policy or another stack collects the audit logs.",
    },
  },
  about: clusters,
  unknown: "unjudged",
  // Diagnostic settings are registered after their cluster.
  wholeStack: true,
  *check(cluster, { config, stack }) {
    yield* checkMetrics(cluster);
    if (stack.complete && !config.auditLogsElsewhere) yield* checkAuditLogs(cluster, stack);
  },
});

function* checkMetrics({ resource: { inputs }, provider }: AksCluster): Iterable<Finding> {
  const because = "so nothing collects metrics of the cluster and its mesh";
  if (provider === "native") {
    yield* expectFlag(inputs.at("azureMonitorProfile", "metrics", "enabled"), true, because);
    return;
  }
  const place = inputs.at("monitorMetrics");
  const fields = place.keys();
  if (fields instanceof Unknown) yield fields;
  else if (fields === undefined) yield `${place.path} is not set, ${because}. Set it.`;
}

function* checkAuditLogs(cluster: AksCluster, stack: Stack): Iterable<Finding> {
  const sent = logsSentOf(cluster, stack);
  const missing = AUDIT_CATEGORIES.filter((one) => !one.some((category) => sent.has(category)));
  if (missing.length === 0) return;
  yield (
    sent.unknown ??
    `no DiagnosticSetting in the stack collects ${missing.map(([category]) => category).join(" and ")}, so there is no record of who did what in the cluster. Add one that does.`
  );
}
