import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";

/** Some hours of every week. */
export interface WeeklyWindow {
  readonly day: "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday";
  /** When it begins, such as `02:00`. */
  readonly start: string;
  /** How long it lasts, 4 to 24. */
  readonly hours: number;
}

/**
 * When AKS does what. These are times to begin in, and AKS keeps to them as well as it can.
 *
 * @see https://learn.microsoft.com/azure/aks/planned-maintenance
 */
export interface MaintenanceArgs {
  /** How far the windows' clock is ahead of UTC, such as `+01:00`. It knows no summer time. */
  readonly utcOffset: string;
  /** The weekly releases of AKS itself: patches of the mesh and of the other add-ons, and of the control plane. */
  readonly releases: WeeklyWindow;
  /** Patches of Kubernetes, and new versions where the channel takes them. */
  readonly kubernetes: WeeklyWindow;
  /** New images for the nodes. */
  readonly nodeOS: WeeklyWindow;
}

/** The three maintenance windows of a cluster, by the names that AKS knows them by. */
export function maintenanceWindows(
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

/** From when on the windows are in force. Past, and the same for ever: today's would be another plan every day. */
const START_DATE = "2026-01-01";
