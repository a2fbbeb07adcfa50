import { describe, expect, test } from "vitest";
import { accepted, parsed, problemsOf, withKey } from "../../support/settings.ts";

const SUBSCRIPTION = "/subscriptions/3a8f7c2e-51d4-4b0a-9e6f-2c7d8b1a4f05/resourceGroups/hub";
const SPOKE = `${SUBSCRIPTION}/providers/Microsoft.Network/virtualNetworks/spoke`;
const NODES = `${SPOKE}/subnets/nodes`;
const API = `${SPOKE}/subnets/api`;
const ZONE = `${SUBSCRIPTION}/providers/Microsoft.Network/privateDnsZones/private.westeurope.azmk8s.io`;
const VAULT = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/vaults/keys-prod`;
const WORKSPACE = `${SUBSCRIPTION}/providers/Microsoft.OperationalInsights/workspaces/audit`;
const KEY = "https://keys-prod.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef";

/** A long value as a report shows it. */
function ends(value: string): string {
  return `${value.slice(0, 38)}…${value.slice(-39)}`;
}

const RANGES = ["198.51.100.0/24"];
const PRIVATE = { access: "private" };
const INTEGRATED = { access: "vnet-integrated", authorizedIPRanges: RANGES };

/** Valid changes to the minimal cluster. */
const ACCEPTED: readonly object[] = [
  { tier: "Free" },
  { tier: "Premium" },
  { supportPlan: "AKSLongTermSupport", tier: "Premium" },
  { apiServer: PRIVATE },
  { apiServer: { ...PRIVATE, privateDnsZoneId: ZONE } },
  { apiServer: INTEGRATED },
  { apiServer: { ...INTEGRATED, authorizedIPRanges: [] } },
  { network: { outboundType: "userAssignedNATGateway" } },
  { network: { subnets: { nodes: NODES }, outboundType: "userDefinedRouting" } },
  { network: { subnets: { nodes: NODES.toUpperCase().replace("SUBNETS", "subnets") } } },
  { apiServer: PRIVATE, network: { subnets: { nodes: NODES, apiServer: API } } },
  { network: { addressSpace: "10.1.0.0/25", podCidr: "10.2.0.0/24", serviceCidr: "10.3.0.0/28" } },
  { network: { addressSpace: "11.0.0.0/8", podCidr: "100.64.0.0/10", serviceCidr: "10.0.0.0/13" } },
  { network: { addressSpace: "10.243.0.0/16", serviceCidr: "10.245.0.0/16" } },
  // The range of an existing subnet is unknown here.
  { network: { subnets: { nodes: NODES }, podCidr: "10.224.0.0/16" } },
  {
    userPools: { apps: { labels: { "azureservicemesh/istio.replica.preferred": "true", x: "" } } },
  },
  { userPools: { apps: { taints: ["sku=gpu:NoSchedule", "example.com/only=:NoExecute"] } } },
  { userPools: { apps: { labels: { x: "a".repeat(63) } } } },
  { nodeSecurity: { secureBoot: false, vTPM: false, encryptionAtHost: true } },
  { autoUpgrade: { upgradeChannel: "none", nodeOSUpgradeChannel: "SecurityPatch" } },
  {
    maintenance: {
      utcOffset: "-05:30",
      releases: { hours: 4, start: "23:59" },
      nodeOS: { hours: 24 },
    },
  },
  { kms: { keyId: KEY, keyVaultId: VAULT, keyVaultNetworkAccess: "Public" } },
  { apiServer: PRIVATE, kms: { keyId: KEY, keyVaultId: VAULT.replace("keys-prod", "Keys-Prod") } },
  { apiServer: INTEGRATED, kms: { keyId: KEY, keyVaultId: VAULT } },
  { logAnalyticsWorkspaceId: WORKSPACE },
  { logAnalyticsWorkspaceId: WORKSPACE, defender: true },
  { defender: true },
  { previewFeatures: ["Microsoft.Compute/EncryptionAtHost"] },
];

test.each(ACCEPTED)("accepts %j", (change) => {
  expect(problemsOf(withKey("cluster", change))).toEqual([]);
});

/** Changes with one mistake each, and its line without the common path. */
const REFUSED: readonly (readonly [change: object, line: string])[] = [
  // The pricing tier and support plan.
  [
    { supportPlan: "AKSLongTermSupport", tier: "Standard" },
    'tier: found "Standard"; must be Premium, which long-term support requires; or remove it',
  ],
  [
    { tier: "standard" },
    'tier: found "standard"; must be one of Free, Standard, Premium; did you mean Standard?',
  ],
  // The API server.
  [
    { apiServer: { access: "public" } },
    "apiServer.authorizedIPRanges: missing; must list the IPv4 ranges that may reach the API server, or be [] to allow every address",
  ],
  [
    { apiServer: { access: "vnet-integrated" } },
    "apiServer.authorizedIPRanges: missing; must list the IPv4 ranges that may reach the API server, or be [] to allow every address",
  ],
  [
    { apiServer: { access: "private", authorizedIPRanges: [] } },
    "apiServer.authorizedIPRanges: does not apply with access: private, which has no public address; remove it",
  ],
  [
    { apiServer: { ...INTEGRATED, privateDnsZoneId: ZONE } },
    "apiServer.privateDnsZoneId: does not apply with access: vnet-integrated; remove it, or make the API server private",
  ],
  [
    { apiServer: { access: "vnetIntegrated", authorizedIPRanges: RANGES } },
    'apiServer.access: found "vnetIntegrated"; must be one of public, vnet-integrated, private; did you mean vnet-integrated?',
  ],
  [
    { apiServer: { ...PRIVATE, privateDnsZoneId: "private.westeurope.azmk8s.io" } },
    'apiServer.privateDnsZoneId: found "private.westeurope.azmk8s.io"; must be the resource ID of a private DNS zone, /subscriptions/…/providers/Microsoft.Network/privateDnsZones/…',
  ],
  // The network.
  [
    { network: { addressSpace: "10.224.0.0/26" } },
    'network.addressSpace: found "10.224.0.0/26"; must be from /8 to /25',
  ],
  [
    { network: { addressSpace: "0.0.0.0/7" } },
    'network.addressSpace: found "0.0.0.0/7"; must be from /8 to /25',
  ],
  [
    { network: { podCidr: "10.244.0.0/25" } },
    'network.podCidr: found "10.244.0.0/25"; must be from /8 to /24',
  ],
  [
    { network: { serviceCidr: "10.0.0.0/12" } },
    'network.serviceCidr: found "10.0.0.0/12"; must be from /13 to /28',
  ],
  [
    { network: { serviceCidr: "10.0.0.0/29" } },
    'network.serviceCidr: found "10.0.0.0/29"; must be from /13 to /28',
  ],
  [
    { network: { podCidr: "172.16.0.0/12" } },
    'network.podCidr: found "172.16.0.0/12"; must not overlap a range that AKS reserves: 169.254.0.0/16, 172.30.0.0/16, 172.31.0.0/16, 192.0.2.0/24',
  ],
  [
    { network: { addressSpace: "10.244.255.0/24" } },
    'network.addressSpace: found "10.244.255.0/24"; must not overlap podCidr, which is 10.244.0.0/16',
  ],
  [
    { network: { podCidr: "10.0.0.0/24" } },
    'network.podCidr: found "10.0.0.0/24"; must not overlap serviceCidr, which is 10.0.0.0/16',
  ],
  [
    { network: { podCidr: "10.64.0.0/16", serviceCidr: "10.64.0.0/24" } },
    'network.serviceCidr: found "10.64.0.0/24"; must not overlap podCidr, which is 10.64.0.0/16',
  ],
  [
    { network: { subnets: { nodes: NODES }, addressSpace: "10.224.0.0/16" } },
    "network.addressSpace: does not apply with subnets, which already have ranges; remove it",
  ],
  [
    { network: { outboundType: "userDefinedRouting" } },
    'network.outboundType: found "userDefinedRouting"; requires an existing subnet with routes; set subnets.nodes',
  ],
  [
    { network: { subnets: {} } },
    "network.subnets.nodes: missing; must be the resource ID of a subnet, /subscriptions/…/providers/Microsoft.Network/virtualNetworks/…",
  ],
  [
    { network: { subnets: { nodes: SPOKE } } },
    `network.subnets.nodes: found "${ends(SPOKE)}"; must be the resource ID of a subnet, /subscriptions/…/providers/Microsoft.Network/virtualNetworks/…`,
  ],
  [
    { network: { subnets: { nodes: NODES, apiServer: API } } },
    "network.subnets.apiServer: does not apply with apiServer.access: public; remove it",
  ],
  [
    { apiServer: PRIVATE, network: { subnets: { nodes: NODES } } },
    "network.subnets.apiServer: missing; is required with apiServer.access: private: a subnet of at least 16 addresses, delegated to Microsoft.ContainerService/managedClusters",
  ],
  [
    { apiServer: PRIVATE, network: { subnets: { nodes: NODES, apiServer: NODES.toLowerCase() } } },
    `network.subnets.apiServer: found "${ends(NODES).toLowerCase()}"; must not be the nodes' subnet`,
  ],
  [
    {
      apiServer: PRIVATE,
      network: { subnets: { nodes: NODES, apiServer: API.replace("spoke", "hub") } },
    },
    `network.subnets.apiServer: found "${ends(API.replace("spoke", "hub"))}"; must be in the virtual network of the nodes' subnet`,
  ],
  // The nodes.
  [
    { userPools: { apps: { taints: ["gpu"] } } },
    'userPools.apps.taints[0]: found "gpu"; must be a taint, <key>=<value>:<effect>, such as sku=gpu:NoSchedule',
  ],
  [
    { userPools: { apps: { labels: { x: true } } } },
    "userPools.apps.labels.x: found true; must be the value of a label: at most 63 letters, digits, - _ and ., in quotes",
  ],
  [
    { userPools: { apps: { labels: { x: "a".repeat(64) } } } },
    `userPools.apps.labels.x: found "${"a".repeat(64)}"; must be the value of a label: at most 63 letters, digits, - _ and .`,
  ],
  [
    { systemPool: { labels: { x: "y" } } },
    "systemPool.labels: no such setting; the keys here are vmSize, minCount, maxCount",
  ],
  [
    { nodeSecurity: { secureBoot: "on" } },
    'nodeSecurity.secureBoot: found "on"; must be true or false',
  ],
  // Upgrades and their windows.
  [
    { autoUpgrade: { upgradeChannel: "node-image" } },
    'autoUpgrade.upgradeChannel: found "node-image"; must be one of patch, stable, rapid, none',
  ],
  [
    { maintenance: { releases: { hours: 3 } } },
    "maintenance.releases.hours: found 3; must be the length of the window in hours, a whole number from 4 to 24",
  ],
  [
    { maintenance: { nodeOS: { hours: 25 } } },
    "maintenance.nodeOS.hours: found 25; must be the length of the window in hours, a whole number from 4 to 24",
  ],
  [
    { maintenance: { kubernetes: { day: "sunday" } } },
    'maintenance.kubernetes.day: found "sunday"; must be one of Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday; did you mean Sunday?',
  ],
  [
    { maintenance: { kubernetes: { start: "24:00" } } },
    'maintenance.kubernetes.start: found "24:00"; must be a time of day, such as "02:00"',
  ],
  [
    { maintenance: { kubernetes: { start: 120 } } },
    'maintenance.kubernetes.start: found 120; must be a time of day, such as "02:00", in quotes',
  ],
  [
    { maintenance: { utcOffset: "01:00" } },
    'maintenance.utcOffset: found "01:00"; must be an offset from UTC, such as "+01:00"',
  ],
  // Encryption, logs and monitoring.
  [
    { kms: { keyId: KEY, keyVaultId: VAULT } },
    "kms.keyVaultNetworkAccess: missing; must be Public if the API server is public, because it cannot reach a private vault; or set apiServer.access to vnet-integrated or private",
  ],
  [
    { apiServer: PRIVATE, kms: { keyId: KEY.replace("/etcd/", "/etcd?"), keyVaultId: VAULT } },
    "kms.keyId: found (secret); must be a key in Key Vault with its version, https://<vault>.vault.azure.net/keys/<name>/<version>",
  ],
  [
    { apiServer: PRIVATE, kms: { keyId: KEY.slice(0, -33), keyVaultId: VAULT } },
    `kms.keyId: found "${KEY.slice(0, -33)}"; must be a key in Key Vault with its version, https://<vault>.vault.azure.net/keys/<name>/<version>`,
  ],
  [
    { apiServer: PRIVATE, kms: { keyId: KEY, keyVaultId: VAULT.replace("prod", "test") } },
    `kms.keyVaultId: found "${ends(VAULT.replace("prod", "test"))}"; must be the vault of keyId, which is keys-prod`,
  ],
  [
    { previewFeatures: ["EncryptionAtHost"] },
    'previewFeatures[0]: found "EncryptionAtHost"; must be a preview feature as az feature list prints it, such as Microsoft.Compute/EncryptionAtHost',
  ],
  [{ protect: "yes" }, 'protect: found "yes"; must be true or false'],
];

test("sends Defender's data to the stack's own workspace, if it has one", () => {
  const off = { "aks-istio:observability": { enabled: false } };
  const defender = (cluster: object) => ({ ...withKey("cluster", cluster), ...off });
  expect(problemsOf(defender({ defender: true }))).toEqual([
    "aks-istio:cluster.logAnalyticsWorkspaceId: missing; is required with defender if observability is off: Defender writes to it, and the stack does not create one",
  ]);
  expect(problemsOf(defender({ defender: true, logAnalyticsWorkspaceId: WORKSPACE }))).toEqual([]);
  expect(problemsOf(defender({ defender: false }))).toEqual([]);
});

test.each(REFUSED)("refuses %j", (change, line) => {
  expect(problemsOf(withKey("cluster", change))).toEqual([`aks-istio:cluster.${line}`]);
});

test("reports every mistake in a cluster at once", () => {
  const cluster = {
    tier: "Free",
    supportPlan: "AKSLongTermSupport",
    apiServer: { access: "private", authorizedIPRanges: RANGES },
    network: { subnets: { nodes: NODES }, addressSpace: "10.0.0.0/7", podCidr: "10.0.0.0/8" },
    maintenance: { releases: { hours: 1 }, nodeOS: { start: "noon" } },
    kms: { keyId: KEY, keyVaultId: VAULT.replace("prod", "test") },
  };
  const paths = problemsOf(withKey("cluster", cluster)).map((line) => line.split(": ")[0]);
  expect(paths).toEqual([
    "aks-istio:cluster.apiServer.authorizedIPRanges",
    "aks-istio:cluster.kms.keyVaultId",
    "aks-istio:cluster.maintenance.nodeOS.start",
    "aks-istio:cluster.maintenance.releases.hours",
    "aks-istio:cluster.network.addressSpace",
    "aks-istio:cluster.network.addressSpace",
    "aks-istio:cluster.network.podCidr",
    "aks-istio:cluster.network.subnets.apiServer",
    "aks-istio:cluster.tier",
  ]);
});

describe("fills in", () => {
  test.each([
    ["KubernetesOfficial", undefined, "Standard"],
    ["AKSLongTermSupport", undefined, "Premium"],
    ["KubernetesOfficial", "Free", "Free"],
    ["KubernetesOfficial", "Premium", "Premium"],
  ])("with the plan %s and the tier %s, the tier %s", (supportPlan, tier, expected) => {
    expect(accepted(withKey("cluster", { supportPlan, tier })).cluster.tier).toBe(expected);
  });

  test("no ranges for a private API server", () => {
    expect(accepted(withKey("cluster", { apiServer: PRIVATE })).cluster.apiServer).toEqual({
      access: "private",
    });
  });
});

describe("warns", () => {
  function warningsOf(change: object): readonly string[] {
    const result = parsed(withKey("cluster", change));
    return "warnings" in result ? result.warnings : result.problems;
  }

  test.each(["stable", "rapid"])(
    "about a channel, %s, that may upgrade beyond the mesh",
    (upgradeChannel) => {
      expect(warningsOf({ autoUpgrade: { upgradeChannel } })).toEqual([
        `aks-istio:cluster.autoUpgrade.upgradeChannel: ${upgradeChannel} moves the cluster to new Kubernetes versions, which may not support the mesh's revisions, and kubernetesVersion then applies only to new clusters; patch stays on the version`,
      ]);
    },
  );

  test.each(["patch", "none"])("not about %s", (upgradeChannel) => {
    expect(warningsOf({ autoUpgrade: { upgradeChannel } })).toEqual([]);
  });

  const nat = { subnets: { nodes: NODES }, outboundType: "userAssignedNATGateway" };

  test("about nodes that may not reach the API server", () => {
    expect(warningsOf({ network: nat })).toEqual([
      "aks-istio:cluster.apiServer.authorizedIPRanges: must include the public address from which subnets.nodes reaches the internet: with userAssignedNATGateway, nodes call the API server from it, and the program does not know it",
    ]);
  });

  test.each([
    { network: { ...nat, outboundType: "loadBalancer" } },
    { network: { outboundType: "userAssignedNATGateway" } },
    { network: nat, apiServer: { authorizedIPRanges: [] } },
    { network: { ...nat, subnets: { nodes: NODES, apiServer: API } }, apiServer: INTEGRATED },
  ])("not about nodes that may: %j", (change) => {
    expect(warningsOf(change)).toEqual([]);
  });

  test("about features whose preview has ended", () => {
    const previewFeatures = [
      "Microsoft.Compute/EncryptionAtHost",
      "Microsoft.ContainerService/AzureServiceMeshPreview",
    ];
    expect(warningsOf({ previewFeatures })).toEqual([
      "aks-istio:cluster.previewFeatures[1]: Microsoft.ContainerService/AzureServiceMeshPreview is no longer needed: the service mesh add-on has been generally available since February 2024; remove it",
    ]);
  });
});
