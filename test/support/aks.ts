import type { Rule } from "../../policy/engine/rule.ts";
import { UNKNOWN, classicCluster, cluster } from "./fixtures.ts";
import type { Fixture, Props } from "./fixtures.ts";
import { run } from "./policy.ts";
import type { Run } from "./policy.ts";

const ZONES = ["1", "2", "3"];

/** A cluster that passes all rules of the baseline. `props` replace whole properties. */
export function hardened(props: Props = {}, name = "orders"): Fixture {
  return cluster(
    {
      sku: { name: "Base", tier: "Standard" },
      disableLocalAccounts: true,
      aadProfile: { managed: true, enableAzureRBAC: true },
      apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"], disableRunCommand: true },
      networkProfile: { networkPlugin: "azure", networkPolicy: "cilium" },
      autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
      oidcIssuerProfile: { enabled: true },
      securityProfile: {
        workloadIdentity: { enabled: true },
        defender: { securityMonitoring: { enabled: true } },
      },
      addonProfiles: { azurepolicy: { enabled: true } },
      azureMonitorProfile: { metrics: { enabled: true } },
      agentPoolProfiles: [{ name: "system", mode: "System", count: 3, availabilityZones: ZONES }],
      ...props,
    },
    name,
  );
}

/** The same from the classic provider. */
export function hardenedClassic(props: Props = {}, name = "orders"): Fixture {
  return classicCluster(
    {
      name,
      skuTier: "Standard",
      localAccountDisabled: true,
      azureActiveDirectoryRoleBasedAccessControl: { azureRbacEnabled: true },
      apiServerAccessProfile: { authorizedIpRanges: ["203.0.113.0/24"] },
      runCommandEnabled: false,
      networkProfile: { networkPlugin: "azure", networkPolicy: "cilium" },
      automaticUpgradeChannel: "patch",
      maintenanceWindow: { alloweds: [{ day: "Monday", hours: [1, 2, 3, 4] }] },
      maintenanceWindowAutoUpgrade: { frequency: "Weekly", duration: 4 },
      maintenanceWindowNodeOs: { frequency: "Weekly", duration: 4 },
      oidcIssuerEnabled: true,
      workloadIdentityEnabled: true,
      azurePolicyEnabled: true,
      microsoftDefender: { logAnalyticsWorkspaceId: UNKNOWN },
      monitorMetrics: {},
      defaultNodePool: { name: "system", nodeCount: 3, zones: ZONES },
      ...props,
    },
    name,
  );
}

/** A maintenance window of a cluster whose name is unknown until it exists. */
export function maintenanceWindow(configName: unknown, props: Props = {}): Fixture {
  return {
    type: "azure-native:containerservice:MaintenanceConfiguration",
    name: configName === UNKNOWN ? "window" : String(configName),
    props: {
      resourceName: UNKNOWN,
      configName,
      maintenanceWindow: { durationHours: 4 },
      ...props,
    },
  };
}

export const WINDOWS: readonly Fixture[] = [
  "aksManagedAutoUpgradeSchedule",
  "aksManagedNodeOSUpgradeSchedule",
  "default",
].map((configName) => maintenanceWindow(configName));

/** A diagnostic setting of a cluster whose ID is unknown until it exists. */
export function diagnostics(logs: unknown, props: Props = {}): Fixture {
  return {
    type: "azure-native:monitor:DiagnosticSetting",
    name: "audit",
    props: { resourceUri: UNKNOWN, logs, ...props },
  };
}

export const AUDIT = diagnostics([
  { category: "kube-audit-admin", enabled: true },
  { category: "guard", enabled: true },
]);

export function nodePool(props: Props = {}, name = "apps"): Fixture {
  return {
    type: "azure-native:containerservice:AgentPool",
    name,
    props: { resourceName: UNKNOWN, mode: "User", count: 2, availabilityZones: ZONES, ...props },
  };
}

/** What a rule reports about a stack, as level and text. */
export async function said(
  rule: Rule | readonly Rule[],
  stack: readonly Fixture[],
  options?: Run,
): Promise<readonly (readonly [string, string])[]> {
  return (await run(rule, stack, options)).map(({ level, message }) => [level, message]);
}

/** What a rule reports about an unknown value. */
export function notKnown(label: string, path: string): readonly [string, string] {
  return [
    "unjudged",
    `${label}: ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
  ];
}

export const NATIVE = 'ManagedCluster "orders"';
export const CLASSIC = 'KubernetesCluster "orders"';
