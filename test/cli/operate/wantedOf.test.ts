import { expect, test } from "vitest";
import { wantedOf } from "../../../cli/operate/wantedOf.ts";
import { ADMINISTRATOR, LEAST, accepted, withKey } from "../../support/settings.ts";

const NAMES = { project: "aks-istio", stack: "prod", existingCluster: undefined };

function wanted(config: Parameters<typeof accepted>[0]) {
  return wantedOf(accepted(config), NAMES);
}

test("the least settings", () => {
  expect(wanted(LEAST)).toEqual({
    location: "westeurope",
    kubernetesVersion: "1.35",
    plan: "KubernetesOfficial",
    revisions: ["asm-1-30"],
    pools: [
      { name: "system", vmSize: "Standard_D4ds_v5", maxCount: 5 },
      { name: "apps", vmSize: "Standard_D4ds_v5", maxCount: 10 },
    ],
    zones: ["1", "2", "3"],
    encryptionAtHost: false,
    trustedLaunch: true,
    services: [
      { namespace: "Microsoft.ContainerService", types: ["managedClusters"], withCluster: true },
      { namespace: "Microsoft.Network", types: ["virtualNetworks"], withCluster: true },
      {
        namespace: "Microsoft.ManagedIdentity",
        types: ["userAssignedIdentities"],
        withCluster: true,
      },
      { namespace: "Microsoft.Authorization", types: [], withCluster: false },
      { namespace: "Microsoft.PolicyInsights", types: [], withCluster: false },
      ...[
        ["Microsoft.Insights", ["components", "dataCollectionRules"]],
        ["Microsoft.OperationalInsights", ["workspaces"]],
        ["Microsoft.Monitor", ["accounts"]],
        ["Microsoft.Dashboard", ["grafana"]],
      ].map(([namespace, types]) => ({
        namespace,
        types,
        withCluster: false,
        setting: "observability",
      })),
    ],
    features: [],
    resourceGroup: undefined,
    clusterName: undefined,
    existingCluster: undefined,
    grantsOn: [],
    network: { podCidr: "10.244.0.0/16", serviceCidr: "10.0.0.0/16", subnets: undefined },
    administrators: { groupName: "aks-istio-prod-administrators", members: [ADMINISTRATOR] },
  });
});

test("both revisions of an upgrade, and none that is managed elsewhere", () => {
  const upgrade = { to: "asm-1-30", phase: "canary" };
  expect(wanted(withKey("mesh", { revision: "asm-1-29", upgrade })).revisions).toEqual([
    "asm-1-29",
    "asm-1-30",
  ]);
  const external = { ...LEAST, "aks-istio:mesh": { management: "external" } };
  expect(wanted(external).revisions).toBeUndefined();
});

test("what existing resources and options of the cluster need", () => {
  const shared = "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/shared";
  const nodes = `${shared}/providers/Microsoft.Network/virtualNetworks/spoke/subnets/nodes`;
  const registry = `${shared}/providers/Microsoft.ContainerRegistry/registries/images`;
  const stack = wanted(
    withKey("cluster", {
      network: { subnets: { nodes } },
      containerRegistryIds: [registry],
      nodeSecurity: { encryptionAtHost: true, secureBoot: false, vTPM: false },
      previewFeatures: ["Microsoft.Compute/EncryptionAtHost"],
      defender: true,
    }),
  );
  expect(stack).toMatchObject({
    grantsOn: [nodes, registry],
    network: { subnets: { nodes } },
    encryptionAtHost: true,
    trustedLaunch: false,
    features: ["Microsoft.Compute/EncryptionAtHost"],
  });
  expect(stack.services.find(({ namespace }) => namespace === "Microsoft.Network")?.types).toEqual(
    [],
  );
  expect(stack.services.at(-1)).toEqual({
    namespace: "Microsoft.Security",
    types: [],
    withCluster: false,
    setting: "cluster.defender",
  });
});

test("a role on the storage accounts that Flux reads with the identity of the nodes", () => {
  const account = (name: string) =>
    `/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/a/providers/Microsoft.Storage/storageAccounts/${name}`;
  const source = (name: string) => ({
    kustomizations: { apps: { path: "./apps" } },
    azureBlob: {
      url: `https://${name}.blob.core.windows.net`,
      container: "manifests",
      managedIdentity: { storageAccountId: account(name) },
    },
  });
  const configurations = { "team-a": { ...source("team"), namespace: "team-a" } };
  expect(wanted(withKey("gitops", { ...source("fleet"), configurations })).grantsOn).toEqual([
    account("fleet"),
    account("team"),
  ]);
});
