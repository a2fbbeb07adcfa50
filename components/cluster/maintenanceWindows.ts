import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";

/** A weekly maintenance window. */
export interface WeeklyWindow {
  readonly day: "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday";
  /** Start time, such as `02:00`. */
  readonly start: string;
  /** Duration in hours, 4 to 24. */
  readonly hours: number;
}

/**
 * Planned maintenance of AKS. Maintenance starts within the windows on a best-effort basis.
 *
 * @see https://learn.microsoft.com/azure/aks/planned-maintenance
 */
export interface MaintenanceArgs {
  /** UTC offset of the start times, such as `+01:00`. Not adjusted for daylight saving time. */
  readonly utcOffset: string;
  /** Weekly AKS releases, with patches of the control plane, the mesh and other add-ons. */
  readonly releases: WeeklyWindow;
  /** Kubernetes patches, and new minor versions if the upgrade channel includes them. */
  readonly kubernetes: WeeklyWindow;
  /** Node OS upgrades. */
  readonly nodeOS: WeeklyWindow;
}

/** The three maintenance windows of a cluster, with the configuration names that AKS requires. */
export function createMaintenanceWindows(
  name: string,
  args: MaintenanceArgs,
  cluster: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly resourceName: pulumi.Input<string>;
  },
  opts: pulumi.CustomResourceOptions,
): void {
  const windows = [
    ["releases", "default", args.releases],
    ["kubernetes", "aksManagedAutoUpgradeSchedule", args.kubernetes],
    ["node-os", "aksManagedNodeOSUpgradeSchedule", args.nodeOS],
  ] as const;
  for (const [window, configName, { day, start, hours }] of windows) {
    new containerservice.MaintenanceConfiguration(
      `${name}-${window}`,
      {
        ...cluster,
        configName,
        maintenanceWindow: {
          startDate: START_DATE,
          startTime: start,
          utcOffset: args.utcOffset,
          durationHours: hours,
          schedule: { weekly: { dayOfWeek: day, intervalWeeks: 1 } },
        },
      },
      opts,
    );
  }
}

/** Start date of the windows. A fixed date in the past, because the current date would change the plan every day. */
const START_DATE = "2026-01-01";
