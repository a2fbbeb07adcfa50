import { describe, expect, test } from "vitest";
import { rules } from "../../../../policy/rules.ts";
import { classicCluster } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const aks = rules.filter(({ name }) => name.startsWith("aks-") || name.startsWith("osm-"));
const WINDOW = { frequency: "Weekly", interval: 1, duration: 4 };
const entra = { managed: true, azureRbacEnabled: true };
const ranges = ["203.0.113.0/24"];
const zones = ["1", "2", "3"];

const BOTH: Props = {
  serviceMeshProfile: undefined,
  skuTier: "Standard",
  localAccountDisabled: true,
};

const SINCE_5: Props = {
  ...BOTH,
  azureActiveDirectoryRoleBasedAccessControl: entra,
  apiServerAccessProfile: { authorizedIpRanges: ranges },
  azurePolicyEnabled: true,
  runCommandEnabled: false,
  oidcIssuerEnabled: true,
  workloadIdentityEnabled: true,
  monitorMetrics: {},
  microsoftDefender: { logAnalyticsWorkspaceId: "workspace" },
  maintenanceWindow: { alloweds: [{ day: "Sunday", hours: [1, 2, 3, 4] }] },
  maintenanceWindowAutoUpgrade: WINDOW,
  maintenanceWindowNodeOs: WINDOW,
};

/**
 * A hardened cluster in the property names of each version of @pulumi/azure, according to the typings of 4.42, 5.89 and
 * 6.40.
 */
const VERSIONS = {
  6: {
    ...SINCE_5,
    automaticUpgradeChannel: "patch",
    nodeOsUpgradeChannel: "NodeImage",
    networkProfile: { networkPlugin: "azure", networkDataPlane: "cilium" },
    defaultNodePool: { name: "system", zones, autoScalingEnabled: true, minCount: 3 },
  },
  5: {
    ...SINCE_5,
    automaticChannelUpgrade: "patch",
    nodeOsChannelUpgrade: "NodeImage",
    networkProfile: { networkPlugin: "azure", ebpfDataPlane: "cilium" },
    defaultNodePool: { name: "system", zones, enableAutoScaling: true, minCount: 3 },
  },
  4: {
    ...BOTH,
    roleBasedAccessControl: { enabled: true, azureActiveDirectory: entra },
    apiServerAuthorizedIpRanges: ranges,
    automaticChannelUpgrade: "patch",
    addonProfile: { azurePolicy: { enabled: true } },
    networkProfile: { networkPlugin: "azure", networkPolicy: "azure" },
    maintenanceWindow: { alloweds: [{ day: "Sunday", hours: [1, 2, 3, 4] }] },
    defaultNodePool: {
      name: "system",
      availabilityZones: zones,
      enableAutoScaling: true,
      minCount: 3,
    },
  },
} as const satisfies Record<number, Props>;

const audit = (logs: Props): Fixture => ({
  type: "azure:monitoring/diagnosticSetting:DiagnosticSetting",
  name: "audit",
  props: logs,
});
const CATEGORIES = [{ category: "kube-audit-admin" }, { category: "guard" }];

/** The rules that report a cluster of the classic provider. */
async function found(props: Props, logs: Props): Promise<readonly string[]> {
  const reports = await run(aks, [classicCluster(props), audit(logs)]);
  return [...new Set(reports.map(({ policy }) => policy))].sort();
}

describe("the classic provider", () => {
  test.each([6, 5] as const)(
    "of version %d is read with its own property names",
    async (version) => {
      expect(await found(VERSIONS[version], { enabledLogs: CATEGORIES })).toEqual([]);
    },
  );

  test("of version 4 lacks only properties that it does not support", async () => {
    expect(await found(VERSIONS[4], { logs: CATEGORIES })).toEqual([
      "aks-defender",
      "aks-maintenance-windows",
      "aks-monitoring",
      "aks-run-command-disabled",
      "aks-workload-identity-oidc",
    ]);
  });

  test.each<[keyof typeof VERSIONS, Props, string]>([
    [5, { automaticChannelUpgrade: undefined }, "aks-upgrade-channels"],
    [5, { nodeOsChannelUpgrade: "None" }, "aks-upgrade-channels"],
    [5, { networkProfile: { networkPlugin: "azure" } }, "aks-network-policy"],
    [
      5,
      { defaultNodePool: { ...VERSIONS[5].defaultNodePool, minCount: 2 } },
      "aks-zones-and-min-nodes",
    ],
    [
      4,
      { defaultNodePool: { ...VERSIONS[4].defaultNodePool, availabilityZones: [] } },
      "aks-zones-and-min-nodes",
    ],
    [4, { apiServerAuthorizedIpRanges: ["0.0.0.0/0"] }, "aks-api-restricted"],
    [4, { addonProfile: { azurePolicy: { enabled: false } } }, "aks-azure-policy-addon"],
    [4, { addonProfile: { openServiceMesh: { enabled: true } } }, "osm-addon-migration"],
    [
      4,
      { roleBasedAccessControl: { azureActiveDirectory: { azureRbacEnabled: false } } },
      "aks-entra-azure-rbac",
    ],
    [
      4,
      { roleBasedAccessControl: { enabled: false, azureActiveDirectory: entra } },
      "aks-entra-azure-rbac",
    ],
  ])("of version %d with %j breaks %s", async (version, change, rule) => {
    expect(await found({ ...VERSIONS[version], ...change }, { logs: CATEGORIES })).toContain(rule);
  });

  test("is reported with the newest name if none is set", async () => {
    const reports = await run(aks, [classicCluster({ serviceMeshProfile: undefined })]);
    const said = reports.map(({ message }) => message).join("\n");
    expect(said).toContain("automaticUpgradeChannel is not set");
    expect(said).not.toContain("automaticChannelUpgrade");
  });
});
