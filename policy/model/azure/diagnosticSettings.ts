import { azureNative } from "./azureNative.ts";
import type { AksCluster } from "./cluster.ts";
import { partsOf } from "./clusterParts.ts";
import { Unknown, firstSet } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** A setting that sends logs of an Azure resource to a destination. */
interface DiagnosticSetting extends Target {
  readonly logs: Cursor;
}

const NATIVE = azureNative("monitor|insights", "DiagnosticSetting");
const CLASSIC = "azure:monitoring/diagnosticSetting:DiagnosticSetting";

const diagnosticSettings: TargetKind<DiagnosticSetting> = {
  type: "azure-native:monitor:DiagnosticSetting",
  matches: (type) => type === CLASSIC || NATIVE.test(type),
  in: (resource) => [
    {
      resource,
      label: resource.inputs.owner,
      logs: firstSet(resource.inputs, resource.type === CLASSIC ? ["enabledLogs", "logs"] : "logs"),
    },
  ],
};

/** The category groups that contain the audit logs. @see https://learn.microsoft.com/azure/azure-monitor/essentials/diagnostic-settings#resource-logs */
const GROUPS: readonly unknown[] = ["allLogs", "audit"];

/** The log categories that a cluster sends to a destination. */
export function logsSentOf(
  cluster: AksCluster,
  stack: Stack,
): { readonly has: (category: string) => boolean; readonly unknown: Unknown | undefined } {
  const categories: unknown[] = [];
  for (const { logs } of partsOf(cluster, diagnosticSettings, stack)) {
    const items = logs.items();
    if (items instanceof Unknown) categories.push(items);
    for (const item of items instanceof Unknown ? [] : (items ?? [])) {
      const enabled = item.at("enabled").flag();
      // Since version 5, the classic provider lists only enabled logs.
      if (enabled === false) continue;
      categories.push(enabled instanceof Unknown ? enabled : item.at("category").text());
      categories.push(item.at("categoryGroup").text());
    }
  }
  const all = categories.some((category) => GROUPS.includes(category));
  return {
    has: (category) => all || categories.includes(category),
    unknown: categories.find((category) => category instanceof Unknown),
  };
}
