import { azureNative } from "./azureNative.ts";
import type { AksCluster } from "./cluster.ts";
import { partsOf } from "./clusterParts.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** The window for one kind of AKS maintenance. */
export interface MaintenanceWindow {
  /** ARM's name for the kind: `default`, `aksManagedAutoUpgradeSchedule` or `aksManagedNodeOSUpgradeSchedule`. */
  readonly name: Read<string>;
  /** Its length in hours, if set. */
  readonly hours: Cursor;
}

const NATIVE = azureNative("containerservice", "MaintenanceConfiguration");

const maintenanceConfigurations: TargetKind<MaintenanceWindow & Target> = {
  type: "azure-native:containerservice:MaintenanceConfiguration",
  matches: (type) => NATIVE.test(type),
  in: (resource) => [
    {
      resource,
      label: resource.inputs.owner,
      name: resource.inputs.at("configName").text(),
      hours: resource.inputs.at("maintenanceWindow", "durationHours"),
    },
  ],
};

/** The cluster properties with which the classic provider sets the same windows, by ARM's name. */
const CLASSIC = {
  default: "maintenanceWindow",
  aksManagedAutoUpgradeSchedule: "maintenanceWindowAutoUpgrade",
  aksManagedNodeOSUpgradeSchedule: "maintenanceWindowNodeOs",
} as const;

export function maintenanceWindowsOf(
  cluster: AksCluster,
  stack: Stack,
): readonly MaintenanceWindow[] {
  if (cluster.provider === "native") return partsOf(cluster, maintenanceConfigurations, stack);
  return Object.entries(CLASSIC).flatMap(([name, property]) => {
    const place = cluster.resource.inputs.at(property);
    const set = place.keys();
    if (set === undefined) return [];
    return [{ name: set instanceof Unknown ? set : name, hours: place.at("duration") }];
  });
}
