import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { maintenanceWindowsOf } from "../../model/azure/maintenanceWindows.ts";
import { defineRule } from "../../engine/rule.ts";
import { someOf } from "../../engine/unjudged.ts";

/** The minimum that AKS itself sets: it does not start an upgrade that would not fit into the window. */
const MIN_HOURS = 4;

export const aksMaintenanceWindows = defineRule({
  name: "aks-maintenance-windows",
  displayName: "Maintenance windows are configured",
  description:
    "The cluster has maintenance windows for Kubernetes upgrades, node OS upgrades and the weekly AKS releases, which also patch the mesh.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Add the maintenance configurations aksManagedAutoUpgradeSchedule, aksManagedNodeOSUpgradeSchedule and default, each at least four hours long. Only default determines when istiod and the gateways are patched.",
  url: "https://learn.microsoft.com/azure/aks/planned-maintenance",
  tags: ["aks", "PSRule:Azure.AKS.MaintenanceWindow"],
  about: clusters,
  unknown: "unjudged",
  // Maintenance windows are registered after their cluster.
  wholeStack: true,
  *check(cluster, { stack }) {
    const windows = maintenanceWindowsOf(cluster, stack);
    for (const { hours } of windows) {
      const duration = hours.text();
      if (typeof duration === "string" && Number(duration) < MIN_HOURS) {
        const whose = hours.owner === cluster.label ? "" : ` of ${hours.owner}`;
        yield `${hours.path}${whose} is ${duration}, but a maintenance window must be at least ${MIN_HOURS} hours long. Set it to ${MIN_HOURS} or more.`;
      }
    }
    const names = windows.map(({ name }) => name);
    const missing = requiredWindows(cluster).filter(([window]) => !names.includes(window));
    if (!stack.complete || missing.length === 0) return;
    yield (
      names.find((name) => name instanceof Unknown) ??
      `${someOf(missing.map(([, what]) => what))} can start at any time, because the cluster has no maintenance window for them (${missing.map(([window]) => window).join(", ")}). Add ${missing.length === 1 ? "it" : "each of these windows"}.`
    );
  },
});

/** The windows that a cluster needs, and the updates that start in each. Upgrades that are turned off need no window. */
function requiredWindows(cluster: AksCluster): readonly (readonly [string, string])[] {
  const channel = inLowerCase(cluster.at("upgradeChannel").text()) ?? "none";
  const nodes = inLowerCase(cluster.at("nodeOsUpgradeChannel").text()) ?? "nodeimage";
  const upgraded = cluster.automatic === true || channel !== "none";
  return [
    ...(upgraded ? [["aksManagedAutoUpgradeSchedule", "Kubernetes upgrades"] as const] : []),
    ...(nodes === "none" || nodes === "unmanaged"
      ? []
      : [["aksManagedNodeOSUpgradeSchedule", "node OS upgrades"] as const]),
    ["default", "weekly AKS releases"],
  ];
}

/** ARM accepts the names of channels in any case. */
function inLowerCase(channel: Read<string>): Read<string> {
  return typeof channel === "string" ? channel.toLowerCase() : channel;
}
