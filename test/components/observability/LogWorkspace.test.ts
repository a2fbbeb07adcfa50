import { expect, test } from "vitest";
import { LogWorkspace } from "../../../components/observability/LogWorkspace.ts";
import type { LogWorkspaceArgs } from "../../../components/observability/LogWorkspace.ts";
import { mockEngine, resolved } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const GROUP = "azure-native:resources:ResourceGroup";
const WORKSPACE = "azure-native:operationalinsights:Workspace";

async function made(args: Partial<LogWorkspaceArgs> = {}): Promise<[Recorder, LogWorkspace]> {
  const engine = await mockEngine({ outputs: { [GROUP]: { name: "logs-group1234" } } });
  const workspace = new LogWorkspace("logs", {
    location: "westeurope",
    retentionInDays: 30,
    disableLocalAuth: true,
    publicNetworkAccess: { ingestion: true, query: true, grafana: true },
    ...args,
  });
  await engine.settle();
  return [engine, workspace];
}

test("creates a group with the workspace, and needs no cluster", async () => {
  const [engine] = await made();
  const own = "aks-istio:index:LogWorkspace";
  expect(engine.identities()).toEqual([
    `${own}$${WORKSPACE}::logs`,
    `${own}$${GROUP}::logs-group`,
    `${own}::logs`,
  ]);
  expect(engine.one(own, "logs").inputs).toEqual({ location: "westeurope", retentionInDays: 30 });
  expect(engine.one(GROUP, "logs-group").inputs).toEqual({ location: "westeurope" });
  expect(engine.one(WORKSPACE, "logs").inputs).toEqual({
    location: "westeurope",
    resourceGroupName: "logs-group1234",
    sku: { name: "PerGB2018" },
    retentionInDays: 30,
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
    publicNetworkAccessForIngestion: "Enabled",
    publicNetworkAccessForQuery: "Enabled",
  });
});

test("allows keys if one of the writers requires it", async () => {
  const [engine] = await made({ disableLocalAuth: false });
  expect(engine.one(WORKSPACE, "logs").inputs).toMatchObject({
    features: { disableLocalAuth: false },
  });
});

test.each([
  [true, false, "Enabled", "Disabled"],
  [false, true, "Disabled", "Enabled"],
])(
  "opens ingestion (%s) and queries (%s) separately",
  async (ingestion, query, forIngestion, forQuery) => {
    const [engine] = await made({ publicNetworkAccess: { ingestion, query, grafana: true } });
    expect(engine.one(WORKSPACE, "logs").inputs).toMatchObject({
      publicNetworkAccessForIngestion: forIngestion,
      publicNetworkAccessForQuery: forQuery,
    });
  },
);

test("has the outputs that the cluster and its monitoring use", async () => {
  const [, workspace] = await made();
  expect(await resolved(workspace.logAnalyticsWorkspaceId)).toBe("logs-id");
  expect(await resolved(workspace.resourceGroupName)).toBe("logs-group1234");
  expect(await resolved(workspace.resourceGroupId)).toBe("logs-group-id");
});
