import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { maintenanceWindowsOf } from "../../model/azure/maintenanceWindows.ts";
import { defineRule } from "../../engine/rule.ts";

/** AKS's own floor: an upgrade that does not fit is not begun. */
const MIN_HOURS = 4;

export const aksMaintenanceWindows = defineRule({
  name: "aks-maintenance-windows",
  displayName: "Maintenance windows are configured",
  description:
    "The cluster has maintenance windows for Kubernetes upgrades, node OS upgrades and the weekly AKS releases, which also patch the mesh.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Add a MaintenanceConfiguration for each: aksManagedAutoUpgradeSchedule, aksManagedNodeOSUpgradeSchedule and default, at least four hours long. Only default decides when istiod and the gateways are patched.",
  url: "https://learn.microsoft.com/azure/aks/planned-maintenance",
  tags: ["aks", "PSRule:Azure.AKS.MaintenanceWindow"],
  about: clusters,
  unknown: "unjudged",
  // The windows come after their cluster.
  wholeStack: true,
  *check(cluster, { stack }) {
    const windows = maintenanceWindowsOf(cluster, stack);
    for (const { hours } of windows) {
      const long = hours.text();
      if (typeof long === "string" && Number(long) < MIN_HOURS) {
        const whose = hours.owner === cluster.label ? "" : ` of ${hours.owner}`;
        yield `${hours.path}${whose} is ${long}, and a window has at least ${MIN_HOURS} hours. Make it longer.`;
      }
    }
    const names = windows.map(({ name }) => name);
    const missing = wanted(cluster).filter(([window]) => !names.includes(window));
    if (!stack.complete || missing.length === 0) return;
    yield (
      names.find((name) => name instanceof Unknown) ??
      `${missing.map(([, what]) => what).join(" and ")} may come at any hour, because the cluster has no maintenance window for ${missing.length === 1 ? "it" : "them"} (${missing.map(([window]) => window).join(", ")}). Add ${missing.length === 1 ? "it" : "them"}.`
    );
  },
});

/** The windows that a cluster needs, and what comes in each. What is never upgraded needs none. */
function wanted(cluster: AksCluster): readonly (readonly [string, string])[] {
  const channel = lower(cluster.at("upgradeChannel").text()) ?? "none";
  const nodes = lower(cluster.at("nodeOsUpgradeChannel").text()) ?? "nodeimage";
  const upgraded = cluster.automatic === true || channel !== "none";
  return [
    ...(upgraded ? [["aksManagedAutoUpgradeSchedule", "upgrades of Kubernetes"] as const] : []),
    ...(nodes === "none" || nodes === "unmanaged"
      ? []
      : [["aksManagedNodeOSUpgradeSchedule", "renewed nodes"] as const]),
    ["default", "AKS's weekly releases"],
  ];
}

/** ARM takes the names of channels in any case. */
function lower(channel: Read<string>): Read<string> {
  return typeof channel === "string" ? channel.toLowerCase() : channel;
}
