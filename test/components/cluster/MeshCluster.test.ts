import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { kubeloginKubeconfig } from "../../../components/cluster/kubeconfig.ts";
import { MeshCluster } from "../../../components/cluster/MeshCluster.ts";
import type { MeshClusterArgs } from "../../../components/cluster/meshClusterArgs.ts";
import { AZURE, CLUSTER_ARGS, EXEC_KUBECONFIG } from "../../support/azure.ts";
import { unknownInputs } from "../../support/knownInputs.ts";
import { mockEngine, resolved, unsealed } from "../../support/mocks.ts";
import type { MockOptions, Recorder } from "../../support/mocks.ts";

const OWN = "aks-istio:index:MeshCluster";
const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const WINDOW = "azure-native:containerservice:MaintenanceConfiguration";
const ROLE = "azure-native:authorization:RoleAssignment";
const FEATURE = "azure-native:features:SubscriptionFeatureRegistration";
const PROVIDER = "pulumi:providers:kubernetes";
const CREDENTIALS = "azure-native:containerservice:listManagedClusterUserCredentials";

const WORKSPACE = "workspace-id";
const APPS = { vmSize: "Standard_D4ds_v5", minCount: 0, maxCount: 3, labels: {}, taints: [] };

async function made(
  args: Partial<MeshClusterArgs> = {},
  azure: MockOptions = AZURE,
): Promise<[Recorder, MeshCluster]> {
  const engine = await mockEngine(azure);
  const mesh = new MeshCluster("mesh", { ...CLUSTER_ARGS, ...args });
  await engine.settle();
  return [engine, mesh];
}

/** Every optional feature that can be combined. */
const MAXIMAL: Partial<MeshClusterArgs> = {
  apiServer: { access: "private", privateDnsZoneId: "zone-id" },
  network: { ...CLUSTER_ARGS.network, outboundType: "userAssignedNATGateway" },
  userPools: {
    apps: APPS,
    batch: { ...APPS, labels: { tier: "batch" }, taints: ["b=1:NoSchedule"] },
  },
  kms: { keyId: "key-id", keyVaultId: "vault-id", keyVaultNetworkAccess: "Private" },
  previewFeatures: ["Microsoft.Compute/EncryptionAtHost"],
  nodeSecurity: { secureBoot: true, vTPM: true, encryptionAtHost: true },
  staticEgress: true,
  egressGateways: [
    { enabled: true, name: "partner", namespace: "out", gatewayConfigurationName: "partner" },
  ],
  metrics: true,
  containerLogsWorkspaceId: WORKSPACE,
  auditWorkspaceId: WORKSPACE,
  defenderWorkspaceId: WORKSPACE,
};

describe("creates, all as its own children,", () => {
  const always = [
    `${ROLE}::mesh-kubelet-operator`,
    `${CLUSTER}::mesh`,
    `${WINDOW}::mesh-kubernetes`,
    `${WINDOW}::mesh-node-os`,
    `${WINDOW}::mesh-releases`,
    "azure-native:managedidentity:UserAssignedIdentity::mesh-control-plane",
    "azure-native:managedidentity:UserAssignedIdentity::mesh-kubelet",
    "azure-native:resources:ResourceGroup::mesh-group",
    `${PROVIDER}::mesh-provider`,
  ];
  const cases: readonly (readonly [string, Partial<MeshClusterArgs>, readonly string[]])[] = [
    [
      "by default, its own network",
      {},
      [
        `${POOL}::mesh-apps`,
        `${ROLE}::mesh-nodes`,
        "azure-native:network:Subnet::mesh-nodes",
        "azure-native:network:VirtualNetwork::mesh-network",
      ],
    ],
    [
      "as a minimum, what an existing subnet requires",
      { network: { ...CLUSTER_ARGS.network, subnets: { nodes: "subnet-id" } }, userPools: {} },
      [`${ROLE}::mesh-nodes`],
    ],
    [
      "as a maximum, what every option requires",
      MAXIMAL,
      [
        `${FEATURE}::mesh-Microsoft.Compute/EncryptionAtHost`,
        `${POOL}::mesh-apps`,
        `${POOL}::mesh-batch`,
        `${ROLE}::mesh-dns-zone`,
        `${ROLE}::mesh-key`,
        `${ROLE}::mesh-key-link`,
        `${ROLE}::mesh-network`,
        "azure-native:monitor:DiagnosticSetting::mesh-audit-control-plane",
        "azure-native:network:NatGateway::mesh-outbound",
        "azure-native:network:PublicIPAddress::mesh-outbound",
        "azure-native:network:Subnet::mesh-api-server",
        "azure-native:network:Subnet::mesh-nodes",
        "azure-native:network:VirtualNetwork::mesh-network",
      ],
    ],
  ];
  test.each(cases)("%s", async (_, args, others) => {
    const [engine] = await made(args);
    expect(engine.identities()).toEqual(
      [`${OWN}::mesh`, ...[...always, ...others].map((child) => `${OWN}$${child}`)].sort(),
    );
    expect(unknownInputs(engine.registered)).toEqual([]);
  });
});

test("shows its location and versions in a plan", async () => {
  const [engine] = await made();
  expect(engine.one(OWN, "mesh").inputs).toEqual({
    location: "westeurope",
    kubernetesVersion: "1.35",
    revisions: ["asm-1-30"],
  });
});

test("sends ARM exactly this cluster", async () => {
  const [engine] = await made();
  expect(engine.one(CLUSTER, "mesh").inputs).toEqual({
    location: "westeurope",
    resourceGroupName: "mesh-group1234",
    dnsPrefix: "mesh",
    kubernetesVersion: "1.35",
    supportPlan: "KubernetesOfficial",
    sku: { name: "Base", tier: "Standard" },
    identity: { type: "UserAssigned", userAssignedIdentities: ["mesh-control-plane-id"] },
    identityProfile: {
      kubeletidentity: {
        resourceId: "mesh-kubelet-id",
        clientId: "kubelet-client",
        objectId: "kubelet-object",
      },
    },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: {
      managed: true,
      enableAzureRBAC: true,
      adminGroupObjectIDs: ["0d0ffe9a-6d0b-4d0c-8c57-3d1d7a9a4b11"],
    },
    apiServerAccessProfile: {
      disableRunCommand: true,
      enableVnetIntegration: false,
      enablePrivateCluster: false,
      authorizedIPRanges: ["198.51.100.0/24"],
    },
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
      defender: { securityMonitoring: { enabled: false } },
      // The SDK fills in the API's default.
      azureKeyVaultKms: { enabled: false, keyVaultNetworkAccess: "Public" },
    },
    nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    addonProfiles: {
      azurepolicy: { enabled: true },
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
      omsagent: { enabled: false },
      openServiceMesh: { enabled: false },
    },
    azureMonitorProfile: { metrics: { enabled: false } },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      loadBalancerSku: "standard",
      outboundType: "loadBalancer",
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.0.0.0/16",
      dnsServiceIP: "10.0.0.10",
      staticEgressGatewayProfile: { enabled: false },
    },
    agentPoolProfiles: [
      {
        name: "system",
        mode: "System",
        nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
        orchestratorVersion: "1.35",
        vmSize: "Standard_D4ds_v5",
        osType: "Linux",
        osSKU: "AzureLinux",
        type: "VirtualMachineScaleSets",
        vnetSubnetID: "mesh-nodes-id",
        enableAutoScaling: true,
        count: 3,
        minCount: 3,
        maxCount: 5,
        availabilityZones: ["1", "2", "3"],
        enableNodePublicIP: false,
        enableEncryptionAtHost: false,
        securityProfile: { sshAccess: "Disabled", enableSecureBoot: true, enableVTPM: true },
        upgradeSettings: { maxSurge: "33%" },
      },
    ],
    serviceMeshProfile: {
      mode: "Istio",
      istio: {
        revisions: ["asm-1-30"],
        components: {
          ingressGateways: [
            { mode: "Internal", enabled: true },
            { mode: "External", enabled: false },
          ],
        },
      },
    },
  });
});

test("sends ARM everything that was requested", async () => {
  const [engine] = await made(MAXIMAL);
  const before = (await made())[0].one(CLUSTER, "mesh").inputs;
  const pool = (before["agentPoolProfiles"] as readonly object[])[0];
  expect(engine.one(CLUSTER, "mesh").inputs).toEqual({
    ...before,
    apiServerAccessProfile: {
      disableRunCommand: true,
      enableVnetIntegration: true,
      subnetId: "mesh-api-server-id",
      enablePrivateCluster: true,
      enablePrivateClusterPublicFQDN: false,
      privateDNSZone: "zone-id",
    },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
      defender: {
        securityMonitoring: { enabled: true },
        logAnalyticsWorkspaceResourceId: WORKSPACE,
      },
      azureKeyVaultKms: {
        enabled: true,
        keyId: "key-id",
        keyVaultNetworkAccess: "Private",
        keyVaultResourceId: "vault-id",
      },
    },
    addonProfiles: {
      azurepolicy: { enabled: true },
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
      omsagent: {
        enabled: true,
        config: { logAnalyticsWorkspaceResourceID: WORKSPACE, useAADAuth: "true" },
      },
      openServiceMesh: { enabled: false },
    },
    azureMonitorProfile: { metrics: { enabled: true } },
    networkProfile: {
      ...(before["networkProfile"] as object),
      outboundType: "userAssignedNATGateway",
      staticEgressGatewayProfile: { enabled: true },
    },
    agentPoolProfiles: [{ ...pool, enableEncryptionAtHost: true }],
    serviceMeshProfile: {
      mode: "Istio",
      istio: {
        revisions: ["asm-1-30"],
        components: {
          ingressGateways: [
            { mode: "Internal", enabled: true },
            { mode: "External", enabled: false },
          ],
          egressGateways: [
            {
              enabled: true,
              name: "partner",
              namespace: "out",
              gatewayConfigurationName: "partner",
            },
          ],
        },
      },
    },
  });
});

test("a workload pool has its own labels and taints, without the node count that the autoscaler changes", async () => {
  const [engine] = await made({
    userPools: { apps: { ...APPS, labels: { tier: "batch" }, taints: ["b=1:NoSchedule"] } },
    nodeSecurity: { secureBoot: false, vTPM: false, encryptionAtHost: true },
  });
  const pool = engine.one(POOL, "mesh-apps");
  expect(pool.inputs).toEqual({
    agentPoolName: "apps",
    resourceGroupName: "mesh-group1234",
    resourceName: "mesh5678",
    mode: "User",
    nodeLabels: { tier: "batch" },
    nodeTaints: ["b=1:NoSchedule"],
    orchestratorVersion: "1.35",
    vmSize: "Standard_D4ds_v5",
    osType: "Linux",
    osSKU: "AzureLinux",
    type: "VirtualMachineScaleSets",
    vnetSubnetID: "mesh-nodes-id",
    enableAutoScaling: true,
    count: 0,
    minCount: 0,
    maxCount: 3,
    availabilityZones: ["1", "2", "3"],
    enableNodePublicIP: false,
    enableEncryptionAtHost: true,
    securityProfile: { sshAccess: "Disabled", enableSecureBoot: false, enableVTPM: false },
    upgradeSettings: { maxSurge: "33%" },
  });
  expect(pool.ignoreChanges).toEqual(["count"]);
  expect(pool.timeouts.update).toBe("6h");
});

test("shares its network and the role of its nodes with additional pools", async () => {
  const [, mesh] = await made({ zones: [] });
  const { subnetId, ...rest } = mesh.pools;
  expect(await resolved(pulumi.output(subnetId))).toBe("mesh-nodes-id");
  expect(rest).toEqual({
    kubernetesVersion: "1.35",
    zones: [],
    nodeSecurity: CLUSTER_ARGS.nodeSecurity,
    autoUpgrade: CLUSTER_ARGS.autoUpgrade,
  });
});

describe("the identities", () => {
  test("exist, with their roles, before the cluster", async () => {
    const [engine] = await made(MAXIMAL);
    const { dependencies } = engine.one(CLUSTER, "mesh");
    for (const role of ["kubelet-operator", "network", "dns-zone", "key", "key-link"]) {
      expect(dependencies).toContain(engine.one(ROLE, `mesh-${role}`).urn);
    }
  });

  test("of the control plane may assign the kubelet identity to nodes, and nothing else", async () => {
    const [engine] = await made();
    expect(engine.one(ROLE, "mesh-kubelet-operator").inputs).toEqual({
      scope: "mesh-kubelet-id",
      roleDefinitionId:
        "/providers/Microsoft.Authorization/roleDefinitions/f1a07417-d97a-45cb-824c-7a7467783830",
      principalId: "control-plane-object",
      principalType: "ServicePrincipal",
    });
  });

  test.each([
    ["Public", ["mesh-key"]],
    ["Private", ["mesh-key", "mesh-key-link"]],
  ] as const)("of the control plane may use a key in a %s vault", async (access, roles) => {
    const kms = { keyId: "key-id", keyVaultId: "vault-id", keyVaultNetworkAccess: access };
    const [engine] = await made({ kms });
    const GUIDS = {
      "mesh-key": "12338af0-0e69-4776-bea7-57ae8d297424",
      "mesh-key-link": "f25e0fa2-a7c8-4377-a976-54943a77a395",
    };
    const assigned = engine.registered.filter(({ inputs }) => inputs["scope"] === "vault-id");
    expect(assigned.map(({ name }) => name).sort()).toEqual(roles);
    for (const role of roles) {
      expect(engine.one(ROLE, role).inputs).toEqual({
        scope: "vault-id",
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${GUIDS[role]}`,
        principalId: "control-plane-object",
        principalType: "ServicePrincipal",
      });
    }
    const { securityProfile } = engine.one(CLUSTER, "mesh").inputs as {
      securityProfile: { azureKeyVaultKms: object };
    };
    expect(securityProfile.azureKeyVaultKms).toEqual({
      enabled: true,
      keyId: "key-id",
      keyVaultNetworkAccess: access,
      // ARM requires it for a private vault, and requires it to be empty for a public one.
      ...(access === "Private" && { keyVaultResourceId: "vault-id" }),
    });
  });
});

describe("revisions", () => {
  test.each([[["asm-1-29", "asm-1-30"]], [["asm-1-30"]]] as const)(
    "that are pinned are exactly %j",
    async (revisions) => {
      const [engine, mesh] = await made({ revisions });
      const cluster = engine.one(CLUSTER, "mesh");
      expect(cluster.inputs).toMatchObject({ serviceMeshProfile: { istio: { revisions } } });
      expect(cluster.ignoreChanges).toEqual(["agentPoolProfiles[0].count"]);
      expect(await resolved(mesh.revisions)).toEqual(revisions);
    },
  );

  test("that AKS manages are not sent, not changed, and read back", async () => {
    const running = { mode: "Istio", istio: { revisions: ["asm-1-28", "asm-1-29"] } };
    const [engine, mesh] = await made(
      { revisions: "external" },
      {
        ...AZURE,
        outputs: { ...AZURE.outputs, [`${CLUSTER}::mesh`]: { serviceMeshProfile: running } },
      },
    );
    const cluster = engine.one(CLUSTER, "mesh");
    expect(cluster.inputs["serviceMeshProfile"]).toEqual({
      mode: "Istio",
      istio: {
        components: {
          ingressGateways: [
            { mode: "Internal", enabled: true },
            { mode: "External", enabled: false },
          ],
        },
      },
    });
    expect(cluster.ignoreChanges).toEqual([
      "agentPoolProfiles[0].count",
      "serviceMeshProfile.istio.revisions",
    ]);
    expect(await resolved(mesh.revisions)).toEqual(["asm-1-28", "asm-1-29"]);
    expect(engine.one(OWN, "mesh").inputs).toMatchObject({ revisions: "external" });
  });
});

test("opens no ingress gateway that was not requested", async () => {
  const [engine] = await made({ ingressGateways: [] });
  expect(engine.one(CLUSTER, "mesh").inputs).toMatchObject({
    serviceMeshProfile: {
      istio: {
        components: {
          ingressGateways: [
            { mode: "Internal", enabled: false },
            { mode: "External", enabled: false },
          ],
        },
      },
    },
  });
});

test("adding a plug-in CA replaces the cluster", async () => {
  const [engine] = await made();
  const cluster = engine.one(CLUSTER, "mesh");
  expect(cluster.inputs).not.toHaveProperty("serviceMeshProfile.istio.certificateAuthority");
  expect(cluster.replaceOnChanges).toEqual(["serviceMeshProfile.istio.certificateAuthority"]);
});

describe("the upgrade channel", () => {
  test.each(["patch", "none"] as const)("%s leaves the version to the program", async (channel) => {
    const [engine] = await made({
      autoUpgrade: { upgradeChannel: channel, nodeOSUpgradeChannel: "None" },
    });
    const cluster = engine.one(CLUSTER, "mesh");
    expect(cluster.inputs["autoUpgradeProfile"]).toEqual({
      upgradeChannel: channel,
      nodeOSUpgradeChannel: "None",
    });
    expect(cluster.ignoreChanges).toEqual(["agentPoolProfiles[0].count"]);
    expect(engine.one(POOL, "mesh-apps").ignoreChanges).toEqual(["count"]);
  });

  test.each(["stable", "rapid"] as const)("%s leaves the version to AKS", async (channel) => {
    const [engine] = await made({
      autoUpgrade: { upgradeChannel: channel, nodeOSUpgradeChannel: "NodeImage" },
    });
    expect(engine.one(CLUSTER, "mesh").ignoreChanges).toEqual([
      "agentPoolProfiles[0].count",
      "kubernetesVersion",
      "agentPoolProfiles[0].orchestratorVersion",
    ]);
    expect(engine.one(POOL, "mesh-apps").ignoreChanges).toEqual(["count", "orchestratorVersion"]);
  });
});

test.each([
  ["mesh-releases", "default", "Monday", "01:30", 4],
  ["mesh-kubernetes", "aksManagedAutoUpgradeSchedule", "Sunday", "00:00", 8],
  ["mesh-node-os", "aksManagedNodeOSUpgradeSchedule", "Saturday", "00:00", 8],
])("%s allows what AKS calls %s", async (name, configName, dayOfWeek, start, hours) => {
  const releases = { day: "Monday", start: "01:30", hours: 4 } as const;
  const maintenance = { ...CLUSTER_ARGS.maintenance, utcOffset: "-05:00", releases };
  const [engine] = await made({ maintenance });
  expect(engine.one(WINDOW, name).inputs).toEqual({
    resourceGroupName: "mesh-group1234",
    resourceName: "mesh5678",
    configName,
    maintenanceWindow: {
      // The same on every day on which the program runs.
      startDate: "2026-01-01",
      startTime: start,
      utcOffset: "-05:00",
      durationHours: hours,
      schedule: { weekly: { dayOfWeek, intervalWeeks: 1 } },
    },
  });
});

test("stores the audit logs of the control plane in their own tables", async () => {
  const [engine] = await made({ auditWorkspaceId: WORKSPACE });
  const setting = engine.one("azure-native:monitor:DiagnosticSetting", "mesh-audit-control-plane");
  expect(setting.inputs).toEqual({
    resourceUri: "mesh-id",
    workspaceId: WORKSPACE,
    logAnalyticsDestinationType: "Dedicated",
    logs: ["kube-audit-admin", "guard", "kube-controller-manager", "cluster-autoscaler"].map(
      (category) => ({ category, enabled: true }),
    ),
  });
  // Azure keeps it after the cluster is deleted.
  expect(setting.deletedWith).toBe("");
});

test("registers preview features before the cluster, and keeps them on deletion", async () => {
  const [engine] = await made({ previewFeatures: ["Microsoft.Compute/EncryptionAtHost"] });
  const feature = engine.one(FEATURE, "mesh-Microsoft.Compute/EncryptionAtHost");
  expect(feature.inputs).toEqual({
    providerNamespace: "Microsoft.Compute",
    featureName: "EncryptionAtHost",
  });
  expect(feature.retainOnDelete).toBe(true);
  expect(engine.one(CLUSTER, "mesh").dependencies).toContain(feature.urn);
});

describe("a mistake and a destroy:", () => {
  const protectedOnes = (engine: Recorder) =>
    engine.registered.filter((one) => one.protect).map(({ type, name }) => `${type}::${name}`);

  test("resources that cannot be recreated are protected", async () => {
    const [engine] = await made(MAXIMAL);
    expect(protectedOnes(engine).sort()).toEqual([
      `${CLUSTER}::mesh`,
      "azure-native:network:PublicIPAddress::mesh-outbound",
      "azure-native:network:VirtualNetwork::mesh-network",
      "azure-native:resources:ResourceGroup::mesh-group",
    ]);
  });

  test("unless protection is disabled", async () => {
    const [engine] = await made({ ...MAXIMAL, protect: false });
    expect(protectedOnes(engine)).toEqual([]);
  });

  test("the parts of the cluster are deleted with it, and nothing else", async () => {
    const [engine] = await made(MAXIMAL);
    const { urn } = engine.one(CLUSTER, "mesh");
    const gone = engine.registered.filter(({ deletedWith }) => deletedWith !== "");
    expect(gone.map(({ name }) => name).sort()).toEqual([
      "mesh-apps",
      "mesh-batch",
      "mesh-kubernetes",
      "mesh-node-os",
      "mesh-releases",
    ]);
    expect(new Set(gone.map(({ deletedWith }) => deletedWith))).toEqual(new Set([urn]));
  });
});

describe("the provider", () => {
  test("uses the cluster's own kubeconfig, as a secret, and stays as long as the cluster", async () => {
    const [engine] = await made();
    const { kubeconfig, ...rest } = engine.one(PROVIDER, "mesh-provider").inputs;
    expect(unsealed(kubeconfig)).toBe(kubeloginKubeconfig(EXEC_KUBECONFIG, "azurecli"));
    // No deleteUnreachable: a refresh that cannot log in must fail instead of dropping the cluster's objects from the
    // state.
    expect(rest).toEqual({ clusterIdentifier: "mesh-id", enableConfigMapMutable: "true" });
  });

  test("waits for the node pools for workloads", async () => {
    const [engine] = await made();
    expect(engine.one(PROVIDER, "mesh-provider").dependencies).toContain(
      engine.one(POOL, "mesh-apps").urn,
    );
  });
});

test("requests user credentials, never administrator credentials, in the exec format", async () => {
  const [engine] = await made();
  expect(engine.invoked).toEqual([
    {
      token: CREDENTIALS,
      inputs: { resourceGroupName: "mesh-group1234", resourceName: "mesh5678", format: "exec" },
    },
  ]);
});

test("outputs its kubeconfig as a secret", async () => {
  const [, mesh] = await made({ kubelogin: "workloadidentity" });
  expect(await pulumi.isSecret(mesh.kubeconfig)).toBe(true);
  expect(await resolved(mesh.kubeconfig)).toBe(
    kubeloginKubeconfig(EXEC_KUBECONFIG, "workloadidentity"),
  );
  expect(await resolved(mesh.resourceGroupName)).toBe("mesh-group1234");
});

test("creates the same resources from the same arguments", async () => {
  const [first] = await made(MAXIMAL);
  const [second] = await made(MAXIMAL);
  const plan = (engine: Recorder) =>
    [...engine.registered].sort((a, b) => a.urn.localeCompare(b.urn));
  expect(plan(second)).toEqual(plan(first));
});

describe("in an organization", () => {
  test("has the given name, in an existing resource group", async () => {
    const [engine, mesh] = await made({ clusterName: "aks-pay", resourceGroup: "rg-pay" });
    expect(engine.one(CLUSTER, "mesh").inputs).toMatchObject({
      resourceName: "aks-pay",
      dnsPrefix: "aks-pay",
      resourceGroupName: "rg-pay",
    });
    expect(engine.one("azure-native:network:VirtualNetwork", "mesh-network").inputs).toMatchObject({
      resourceGroupName: "rg-pay",
    });
    expect(engine.identities().filter((identity) => identity.includes("ResourceGroup"))).toEqual(
      [],
    );
    expect(await resolved(mesh.resourceGroupName)).toBe("rg-pay");
  });

  test("otherwise gets its name from Pulumi", async () => {
    const [engine] = await made();
    const { inputs } = engine.one(CLUSTER, "mesh");
    expect([inputs["resourceName"], inputs["dnsPrefix"]]).toEqual([undefined, "mesh"]);
  });

  test("grants nodes pull access to the registries, before the nodes exist", async () => {
    const acme =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/Acme";
    const [engine] = await made({ containerRegistryIds: [acme] });
    const role = engine.one(ROLE, "mesh-pull-acme");
    expect(role.inputs).toMatchObject({
      scope: acme,
      principalId: "kubelet-object",
      principalType: "ServicePrincipal",
      roleDefinitionId:
        "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d",
    });
    expect(engine.one(CLUSTER, "mesh").dependencies).toContain(role.urn);
  });

  test("outputs what workload identity, registries and other policies need", async () => {
    const [, mesh] = await made(
      {},
      {
        ...AZURE,
        outputs: {
          ...AZURE.outputs,
          [CLUSTER]: {
            name: "mesh5678",
            nodeResourceGroup: "MC_mesh",
            oidcIssuerProfile: { issuerURL: "https://oidc.example/1/" },
          },
        },
      },
    );
    expect(await resolved(mesh.nodeResourceGroupName)).toBe("MC_mesh");
    expect(await resolved(mesh.oidcIssuerUrl)).toBe("https://oidc.example/1/");
    expect(await resolved(mesh.kubeletIdentity.clientId)).toBe("kubelet-client");
    expect(await resolved(mesh.kubeletIdentity.objectId)).toBe("kubelet-object");
  });
});
