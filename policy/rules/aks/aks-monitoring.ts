import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { logsSentOf } from "../../model/azure/diagnosticSettings.ts";
import { expectFlag } from "../../engine/flags.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/**
 * What an auditor asks for: who changed what, and who was let in. `kube-audit` has also what was only read.
 *
 * @see https://learn.microsoft.com/azure/aks/monitor-aks#aks-control-planeresource-logs
 */
const AUDIT: readonly (readonly [string, ...string[]])[] = [
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
    "Metrics of the cluster go to managed Prometheus, and audit logs of its control plane are stored.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set azureMonitorProfile.metrics.enabled to true, and add a DiagnosticSetting for the cluster with the categories kube-audit-admin and guard. Where Azure Policy or another stack sends the logs, set auditLogsElsewhere for this rule.",
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
      description: "The audit logs are sent by Azure Policy, or by another stack.",
    },
  },
  about: clusters,
  unknown: "unjudged",
  // The setting comes after its cluster.
  wholeStack: true,
  *check(cluster, { config, stack }) {
    yield* metrics(cluster);
    if (stack.complete && !config.auditLogsElsewhere) yield* audit(cluster, stack);
  },
});

function* metrics({ resource: { inputs }, provider }: AksCluster): Iterable<Finding> {
  const because = "so that nobody sees how the cluster and its mesh are doing";
  if (provider === "native") {
    yield* expectFlag(inputs.at("azureMonitorProfile", "metrics", "enabled"), true, because);
    return;
  }
  const place = inputs.at("monitorMetrics");
  const fields = place.keys();
  if (fields instanceof Unknown) yield fields;
  else if (fields === undefined) yield `${place.path} is not set, ${because}. Set it.`;
}

function* audit(cluster: AksCluster, stack: Stack): Iterable<Finding> {
  const sent = logsSentOf(cluster, stack);
  const missing = AUDIT.filter((one) => !one.some((category) => sent.has(category)));
  if (missing.length === 0) return;
  yield (
    sent.unknown ??
    `no DiagnosticSetting of the stack keeps ${missing.map(([category]) => category).join(" and ")}, so that nobody can tell later who did what in the cluster. Add it.`
  );
}
