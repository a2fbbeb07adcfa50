import { expect, test } from "vitest";
import { createManagedPrometheus } from "../../../components/observability/managedPrometheus.ts";
import { mockEngine } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const METRICS = "azure-native:monitor:AzureMonitorWorkspace";
const ENDPOINT = "azure-native:monitor:DataCollectionEndpoint";
const RULE = "azure-native:monitor:DataCollectionRule";
const ASSOCIATION = "azure-native:monitor:DataCollectionRuleAssociation";

const CLUSTER =
  "/subscriptions/6f1c0b7e-3c55-4f0e-9a53-0f4c7c1f2a11/resourceGroups/mesh-group1234/providers/Microsoft.ContainerService/managedClusters/mesh5678";
const PLACE = { location: "westeurope", resourceGroupName: "logs-group1234" };

async function made(access: { ingestion?: false; query?: false } = {}): Promise<Recorder> {
  const engine = await mockEngine();
  const publicNetworkAccess = { ingestion: true, query: true, grafana: true, ...access };
  createManagedPrometheus("mesh", { ...PLACE, clusterId: CLUSTER, publicNetworkAccess }, {});
  await engine.settle();
  return engine;
}

test("creates the workspace and the pipeline to it", async () => {
  const engine = await made();
  expect(engine.one(METRICS, "mesh").inputs).toEqual({ ...PLACE, publicNetworkAccess: "Enabled" });
  expect(engine.one(ENDPOINT, "mesh-endpoint").inputs).toEqual({
    ...PLACE,
    dataCollectionEndpointName: "MSProm-westeurope-mesh5678",
    kind: "Linux",
    networkAcls: { publicNetworkAccess: "Enabled" },
  });
  expect(engine.one(RULE, "mesh-metrics").inputs).toEqual({
    ...PLACE,
    dataCollectionRuleName: "MSProm-westeurope-mesh5678",
    kind: "Linux",
    dataCollectionEndpointId: "mesh-endpoint-id",
    dataSources: {
      prometheusForwarder: [
        {
          name: "PrometheusDataSource",
          streams: ["Microsoft-PrometheusMetrics"],
          labelIncludeFilter: {},
        },
      ],
    },
    destinations: {
      monitoringAccounts: [{ name: "MonitoringAccount1", accountResourceId: "mesh-id" }],
    },
    dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["MonitoringAccount1"] }],
  });
});

test("associates the rule with the cluster, and the endpoint under the one required name", async () => {
  const engine = await made();
  expect(engine.one(ASSOCIATION, "mesh-metrics").inputs).toEqual({
    resourceUri: CLUSTER,
    associationName: "MSProm-westeurope-mesh5678",
    dataCollectionRuleId: "mesh-metrics-id",
  });
  expect(engine.one(ASSOCIATION, "mesh-endpoint").inputs).toEqual({
    resourceUri: CLUSTER,
    associationName: "configurationAccessEndpoint",
    dataCollectionEndpointId: "mesh-endpoint-id",
  });
});

test.each([
  [{ ingestion: false } as const, "Disabled", "Enabled"],
  [{ query: false } as const, "Enabled", "Disabled"],
])("closes %j to public networks, and nothing else", async (access, endpoint, workspace) => {
  const engine = await made(access);
  expect(engine.one(ENDPOINT, "mesh-endpoint").inputs).toMatchObject({
    networkAcls: { publicNetworkAccess: endpoint },
  });
  expect(engine.one(METRICS, "mesh").inputs).toMatchObject({ publicNetworkAccess: workspace });
});
