import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { kubeloginKubeconfig } from "../../components/kubeconfig.ts";
import { MeshCluster } from "../../components/meshCluster.ts";
import type { MeshClusterArgs } from "../../components/meshCluster.ts";
import { AZURE, CLUSTER_ARGS, EXEC_KUBECONFIG } from "../support/azure.ts";
import { mockEngine, resolved, unsealed } from "../support/mocks.ts";
import type { Recorder } from "../support/mocks.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const PROVIDER = "pulumi:providers:kubernetes";
const CREDENTIALS = "azure-native:containerservice:listManagedClusterUserCredentials";

async function made(args: Partial<MeshClusterArgs> = {}): Promise<[Recorder, MeshCluster]> {
  const engine = await mockEngine(AZURE);
  const mesh = new MeshCluster("mesh", { ...CLUSTER_ARGS, ...args });
  await engine.settle();
  return [engine, mesh];
}

test("makes the group, the cluster, the pools and the provider, all its own children", async () => {
  const [engine] = await made({
    userPools: { apps: CLUSTER_ARGS.systemPool, batch: CLUSTER_ARGS.systemPool },
  });
  const own = "aks-istio:index:MeshCluster";
  expect(engine.identities()).toEqual([
    `${own}$${POOL}::mesh-apps`,
    `${own}$${POOL}::mesh-batch`,
    `${own}$${CLUSTER}::mesh`,
    `${own}$azure-native:resources:ResourceGroup::mesh-group`,
    `${own}$${PROVIDER}::mesh-provider`,
    `${own}::mesh`,
  ]);
  expect(engine.one(own, "mesh").inputs).toEqual({
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
    identity: { type: "SystemAssigned" },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: {
      managed: true,
      enableAzureRBAC: true,
      adminGroupObjectIDs: ["0d0ffe9a-6d0b-4d0c-8c57-3d1d7a9a4b11"],
    },
    apiServerAccessProfile: {
      disableRunCommand: true,
      authorizedIPRanges: ["198.51.100.0/24"],
    },
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
    },
    nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    addonProfiles: {
      azurepolicy: { enabled: true },
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
    },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      loadBalancerSku: "standard",
      outboundType: "loadBalancer",
      // The SDK fills in what AKS takes for these.
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.0.0.0/16",
      dnsServiceIP: "10.0.0.10",
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
        enableAutoScaling: true,
        count: 3,
        minCount: 3,
        maxCount: 5,
        availabilityZones: ["1", "2", "3"],
        enableNodePublicIP: false,
        securityProfile: { sshAccess: "Disabled" },
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

test("a pool for workloads is without taint, and without the number that the autoscaler moves", async () => {
  const [engine] = await made();
  const pool = engine.one(POOL, "mesh-apps");
  expect(pool.inputs).toEqual({
    agentPoolName: "apps",
    resourceGroupName: "mesh-group1234",
    resourceName: "mesh5678",
    mode: "User",
    orchestratorVersion: "1.35",
    vmSize: "Standard_D8ds_v5",
    osType: "Linux",
    osSKU: "AzureLinux",
    type: "VirtualMachineScaleSets",
    enableAutoScaling: true,
    count: 0,
    minCount: 0,
    maxCount: 10,
    availabilityZones: ["1", "2", "3"],
    enableNodePublicIP: false,
    securityProfile: { sshAccess: "Disabled" },
    upgradeSettings: { maxSurge: "33%" },
  });
  expect(pool.ignoreChanges).toEqual(["count"]);
  expect(engine.one(CLUSTER, "mesh").ignoreChanges).toEqual(["agentPoolProfiles[0].count"]);
});

test.each([
  [["asm-1-29", "asm-1-30"], { revisions: ["asm-1-29", "asm-1-30"] }],
  [["asm-1-30"], { revisions: ["asm-1-30"] }],
] as const)("runs the revisions %j and no other", async (revisions, istio) => {
  const [engine, mesh] = await made({ revisions });
  expect(engine.one(CLUSTER, "mesh").inputs).toMatchObject({ serviceMeshProfile: { istio } });
  expect(mesh.revisions).toEqual(revisions);
});

test("opens no ingress gateway that was not asked for", async () => {
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

test("long-term support comes with the tier that it takes", async () => {
  const [engine] = await made({ supportPlan: "AKSLongTermSupport" });
  expect(engine.one(CLUSTER, "mesh").inputs).toMatchObject({
    supportPlan: "AKSLongTermSupport",
    sku: { name: "Base", tier: "Premium" },
  });
});

describe("the provider", () => {
  test("has the cluster's own kubeconfig, as a secret, and stays as long as the cluster does", async () => {
    const [engine] = await made();
    const { kubeconfig, ...rest } = engine.one(PROVIDER, "mesh-provider").inputs;
    expect(unsealed(kubeconfig)).toBe(kubeloginKubeconfig(EXEC_KUBECONFIG, "azurecli"));
    expect(rest).toEqual({ clusterIdentifier: "mesh-id", deleteUnreachable: "true" });
  });

  test("waits for the pools that take workloads", async () => {
    const [engine] = await made();
    expect(engine.one(PROVIDER, "mesh-provider").dependencies).toContain(
      engine.one(POOL, "mesh-apps").urn,
    );
  });
});

test("asks for the credentials of users, never of administrators, in the exec format", async () => {
  const [engine] = await made();
  expect(engine.invoked).toEqual([
    {
      token: CREDENTIALS,
      inputs: { resourceGroupName: "mesh-group1234", resourceName: "mesh5678", format: "exec" },
    },
  ]);
});

test("hands out its kubeconfig as a secret", async () => {
  const [, mesh] = await made({ kubelogin: "workloadidentity" });
  expect(await pulumi.isSecret(mesh.kubeconfig)).toBe(true);
  expect(await resolved(mesh.kubeconfig)).toBe(
    kubeloginKubeconfig(EXEC_KUBECONFIG, "workloadidentity"),
  );
  expect(await resolved(mesh.resourceGroupName)).toBe("mesh-group1234");
});

test("makes the same of the same arguments", async () => {
  const [first] = await made();
  const [second] = await made();
  const plan = (engine: Recorder) =>
    [...engine.registered].sort((a, b) => a.urn.localeCompare(b.urn));
  expect(plan(second)).toEqual(plan(first));
});
