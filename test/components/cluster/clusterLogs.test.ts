import { expect, test } from "vitest";
import { collectClusterLogs } from "../../../components/cluster/clusterLogs.ts";
import { mockEngine } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const RULE = "azure-native:monitor:DataCollectionRule";
const ASSOCIATION = "azure-native:monitor:DataCollectionRuleAssociation";
const SETTING = "azure-native:monitor:DiagnosticSetting";

const CLUSTER =
  "/subscriptions/6f1c0b7e-3c55-4f0e-9a53-0f4c7c1f2a11/resourceGroups/mesh-group1234/providers/Microsoft.ContainerService/managedClusters/mesh5678";
const PLACE = { location: "westeurope", resourceGroupName: "logs-group1234" };

async function made(containers: boolean, controlPlane: readonly string[]): Promise<Recorder> {
  const engine = await mockEngine();
  collectClusterLogs(
    "mesh",
    {
      ...PLACE,
      logAnalyticsWorkspaceId: "logs-id",
      clusterId: CLUSTER,
      containers,
      controlPlane,
    },
    {},
  );
  await engine.settle();
  return engine;
}

test("container output goes to ContainerLogV2, without the metrics that Prometheus has", async () => {
  const engine = await made(true, []);
  const streams = [
    "Microsoft-ContainerLogV2",
    "Microsoft-KubeEvents",
    "Microsoft-KubePodInventory",
  ];
  expect(engine.one(RULE, "mesh-containers").inputs).toEqual({
    ...PLACE,
    dataCollectionRuleName: "MSCI-westeurope-mesh5678",
    kind: "Linux",
    dataSources: {
      extensions: [
        {
          name: "ContainerInsightsExtension",
          extensionName: "ContainerInsights",
          streams,
          extensionSettings: {
            dataCollectionSettings: {
              interval: "1m",
              namespaceFilteringMode: "Off",
              enableContainerLogV2: true,
            },
          },
        },
      ],
    },
    destinations: { logAnalytics: [{ name: "ciworkspace", workspaceResourceId: "logs-id" }] },
    dataFlows: [{ streams, destinations: ["ciworkspace"] }],
  });
  expect(engine.one(ASSOCIATION, "mesh-containers").inputs).toEqual({
    resourceUri: CLUSTER,
    associationName: "ContainerInsightsExtension",
    dataCollectionRuleId: "mesh-containers-id",
  });
});

test("the control plane's logs go to their own tables, in the requested categories", async () => {
  const engine = await made(false, ["kube-audit-admin", "guard"]);
  expect(engine.one(SETTING, "mesh-control-plane").inputs).toEqual({
    resourceUri: CLUSTER,
    workspaceId: "logs-id",
    logAnalyticsDestinationType: "Dedicated",
    logs: [
      { category: "kube-audit-admin", enabled: true },
      { category: "guard", enabled: true },
    ],
  });
});

test.each([
  [true, ["guard"], [ASSOCIATION, RULE, SETTING]],
  [true, [], [ASSOCIATION, RULE]],
  [false, ["guard"], [SETTING]],
  [false, [], []],
])("containers %s and control plane %j create %j", async (containers, controlPlane, types) => {
  const engine = await made(containers, controlPlane);
  expect(engine.registered.map(({ type }) => type).sort()).toEqual([...types].sort());
});
