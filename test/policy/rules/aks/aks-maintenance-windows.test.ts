import { describe, expect, test } from "vitest";
import { aksMaintenanceWindows } from "../../../../policy/rules/aks/aks-maintenance-windows.ts";
import {
  CLASSIC,
  NATIVE,
  WINDOWS,
  hardened,
  hardenedClassic,
  maintenanceWindow,
  notKnown,
  said,
} from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";

const [AUTO, NODES, DEFAULT] = WINDOWS as [Fixture, Fixture, Fixture];
const MISSING = "can start at any time, because the cluster has no maintenance window for";

describe("aks-maintenance-windows", () => {
  test("accepts a window for each", async () => {
    expect(await said(aksMaintenanceWindows, [hardened(), ...WINDOWS])).toEqual([]);
    expect(await said(aksMaintenanceWindows, [hardenedClassic()])).toEqual([]);
  });

  test.each([
    "azure-native:containerservice/v20250901:MaintenanceConfiguration",
    "azure-native_containerservice_v20260201:containerservice:MaintenanceConfiguration",
  ])("accepts the token %s", async (type) => {
    expect(
      await said(aksMaintenanceWindows, [hardened(), AUTO, NODES, { ...DEFAULT, type }]),
    ).toEqual([]);
  });

  test("reports all missing windows together", async () => {
    expect(await said(aksMaintenanceWindows, [hardened()])).toEqual([
      [
        "violation",
        `${NATIVE}: Kubernetes upgrades, node OS upgrades and weekly AKS releases ${MISSING} them (aksManagedAutoUpgradeSchedule, aksManagedNodeOSUpgradeSchedule, default). Add each of these windows.`,
      ],
    ]);
    expect(await said(aksMaintenanceWindows, [hardened(), AUTO, NODES])).toEqual([
      ["violation", `${NATIVE}: weekly AKS releases ${MISSING} them (default). Add it.`],
    ]);
  });

  test.each([undefined, "none"])(
    "requires none if nothing is upgraded: %s",
    async (upgradeChannel) => {
      const autoUpgradeProfile = { upgradeChannel };
      expect(
        await said(aksMaintenanceWindows, [hardened({ autoUpgradeProfile }), NODES, DEFAULT]),
      ).toEqual([]);
      const automatic = hardened({ autoUpgradeProfile, sku: { name: "Automatic" } });
      expect((await said(aksMaintenanceWindows, [automatic, NODES, DEFAULT]))[0]?.[1]).toContain(
        "(aksManagedAutoUpgradeSchedule)",
      );
    },
  );

  test.each(["None", "Unmanaged"])(
    "requires none if node images are not upgraded: %s",
    async (channel) => {
      const autoUpgradeProfile = { upgradeChannel: "patch", nodeOSUpgradeChannel: channel };
      expect(
        await said(aksMaintenanceWindows, [hardened({ autoUpgradeProfile }), AUTO, DEFAULT]),
      ).toEqual([]);
    },
  );

  test("reports windows of another cluster", async () => {
    const of = (resourceName: unknown) => maintenanceWindow("default", { resourceName });
    expect(await said(aksMaintenanceWindows, [hardened(), AUTO, NODES, of("west")])).toHaveLength(
      1,
    );
    expect(await said(aksMaintenanceWindows, [hardened(), AUTO, NODES, of("Orders")])).toEqual([]);
    const unnamed = hardened({ resourceName: undefined });
    expect(await said(aksMaintenanceWindows, [unnamed, AUTO, NODES, of("orders-3f2a")])).toEqual(
      [],
    );
  });

  test("recognizes the cluster of a window by the source of its name", async () => {
    const [north, west] = [hardened({ resourceName: undefined }, "north"), hardened({}, "west")];
    const of = (...origins: Fixture[]) =>
      WINDOWS.map((window) => ({ ...window, from: { resourceName: origins } }));
    const labels = async (...windows: Fixture[]) =>
      (await said(aksMaintenanceWindows, [north, west, ...windows])).map(
        ([, text]) => text.split(":")[0],
      );
    expect(await labels(...of(north))).toEqual(['ManagedCluster "west"']);
    expect(await labels(...of(west))).toEqual(['ManagedCluster "north"']);
    expect(await labels(...WINDOWS)).toEqual([]);
  });

  test("reports a window that is too short", async () => {
    const long = (durationHours: number) =>
      maintenanceWindow("default", { maintenanceWindow: { durationHours } });
    expect(await said(aksMaintenanceWindows, [hardened(), AUTO, NODES, long(4)])).toEqual([]);
    expect(await said(aksMaintenanceWindows, [hardened(), AUTO, NODES, long(3)])).toEqual([
      [
        "violation",
        `${NATIVE}: maintenanceWindow.durationHours of MaintenanceConfiguration "default" is 3, but a maintenance window must be at least 4 hours long. Set it to 4 or more.`,
      ],
    ]);
    const classic = hardenedClassic({ maintenanceWindowNodeOs: { duration: 3 } });
    expect(await said(aksMaintenanceWindows, [classic])).toEqual([
      [
        "violation",
        `${CLASSIC}: maintenanceWindowNodeOs.duration is 3, but a maintenance window must be at least 4 hours long. Set it to 4 or more.`,
      ],
    ]);
  });

  test("reports the classic provider's cluster", async () => {
    const classic = hardenedClassic({ maintenanceWindow: undefined });
    expect(await said(aksMaintenanceWindows, [classic])).toEqual([
      ["violation", `${CLASSIC}: weekly AKS releases ${MISSING} them (default). Add it.`],
    ]);
  });

  test("advises if a window may be the missing one", async () => {
    expect(
      await said(aksMaintenanceWindows, [hardened(), AUTO, NODES, maintenanceWindow(UNKNOWN)]),
    ).toEqual([
      [
        "unjudged",
        `${NATIVE}: configName of MaintenanceConfiguration "window" is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
    const classic = hardenedClassic({ maintenanceWindow: UNKNOWN });
    expect(await said(aksMaintenanceWindows, [classic])).toEqual([
      notKnown(CLASSIC, "maintenanceWindow"),
    ]);
  });
});
