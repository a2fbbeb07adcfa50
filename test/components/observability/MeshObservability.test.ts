import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { describe, expect, test } from "vitest";
import { LogWorkspace } from "../../../components/observability/LogWorkspace.ts";
import type { Principals } from "../../../components/observability/managedGrafana.ts";
import { MeshObservability } from "../../../components/observability/MeshObservability.ts";
import type { MeshObservabilityArgs } from "../../../components/observability/MeshObservability.ts";
import { valueAt } from "../../../settings/core/path.ts";
import { mockEngine, resolved } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const OWN = "aks-istio:index:MeshObservability";
const METRICS = "azure-native:monitor:AzureMonitorWorkspace";
const ENDPOINT = "azure-native:monitor:DataCollectionEndpoint";
const RULE = "azure-native:monitor:DataCollectionRule";
const ASSOCIATION = "azure-native:monitor:DataCollectionRuleAssociation";
const SETTING = "azure-native:monitor:DiagnosticSetting";
const INSIGHTS = "azure-native:applicationinsights:Component";
const GRAFANA = "azure-native:dashboard:Grafana";
const ROLE = "azure-native:authorization:RoleAssignment";
const POD_MONITOR = "kubernetes:azmonitoring.coreos.com/v1:PodMonitor";
const SERVICE_MONITOR = "kubernetes:azmonitoring.coreos.com/v1:ServiceMonitor";
const CLUSTER = "kubernetes:core/v1:Namespace";

const ADMINISTRATORS = "c0ffee00-0000-4000-8000-000000000001";
const VIEWER = "5b3a3a8e-2f7e-43a7-9d59-0d5a2b7c9e22";
const NOBODY: Principals = { users: [], groups: [], servicePrincipals: [] };
const OPEN = { ingestion: true, query: true, grafana: true };
const PLACE = { location: "westeurope", resourceGroupName: "logs-group1234" };

async function made(
  args: Partial<MeshObservabilityArgs> = {},
): Promise<[Recorder, MeshObservability, ReturnType<typeof watchSecretOutputs>]> {
  const engine = await mockEngine({
    outputs: {
      "azure-native:resources:ResourceGroup": { name: "logs-group1234" },
      [GRAFANA]: {
        identity: { type: "SystemAssigned", principalId: "9c8c6b0f-5f0d-4a44-8f61-0e8a0f6f7a33" },
        properties: { endpoint: "https://grafana-0a1b.weu.grafana.azure.com" },
      },
      [INSIGHTS]: { connectionString: "InstrumentationKey=planted" },
    },
  });
  const sealed = watchSecretOutputs();
  const provider = new k8s.Provider("provider", { kubeconfig: "apiVersion: v1" });
  // Stands in for the cluster; only its ID matters here.
  const cluster = new k8s.core.v1.Namespace("cluster", {}, { provider });
  const workspace = new LogWorkspace("logs", {
    location: "westeurope",
    retentionInDays: 30,
    disableLocalAuth: true,
    publicNetworkAccess: OPEN,
  });
  const observability = new MeshObservability(
    "observability",
    {
      location: "westeurope",
      workspace,
      cluster,
      adminGroupObjectId: ADMINISTRATORS,
      metrics: { scrapeIntervalInSeconds: 30, histograms: "durations" },
      logs: { containers: true, controlPlane: ["guard"] },
      grafana: { admins: NOBODY, editors: NOBODY, viewers: { ...NOBODY, users: [VIEWER] } },
      publicNetworkAccess: OPEN,
      ...args,
    },
    { provider },
  );
  await engine.settle();
  return [engine, observability, sealed];
}

test("creates exactly these, all as its own children", async () => {
  const [engine] = await made();
  const children = engine.identities().filter((identity) => identity.startsWith(`${OWN}$`));
  expect(children).toEqual(
    [
      `${INSIGHTS}::observability-insights`,
      `${ROLE}::observability-grafana-administrators`,
      `${ROLE}::observability-grafana-logs-reader`,
      `${ROLE}::observability-grafana-metrics-reader`,
      `${ROLE}::observability-grafana-Viewer-${VIEWER}`,
      `${GRAFANA}::observability-grafana`,
      `${METRICS}::observability`,
      `${ENDPOINT}::observability-endpoint`,
      `${RULE}::observability-containers`,
      `${RULE}::observability-metrics`,
      `${ASSOCIATION}::observability-containers`,
      `${ASSOCIATION}::observability-endpoint`,
      `${ASSOCIATION}::observability-metrics`,
      `${SETTING}::observability-control-plane`,
      `${POD_MONITOR}::observability-envoy-stats`,
      `${SERVICE_MONITOR}::observability-istiod`,
    ]
      .map((child) => `${OWN}$${child}`)
      .sort(),
  );
  expect(engine.one(OWN, "observability").inputs).toEqual({
    location: "westeurope",
    scrapeIntervalInSeconds: 30,
    histograms: "durations",
  });
});

test("uses the cluster's provider only for objects in the cluster", async () => {
  const [engine] = await made();
  const { urn } = engine.one("pulumi:providers:kubernetes", "provider");
  const given = engine.registered.filter(({ provider }) => provider.startsWith(urn));
  expect(given.map(({ type }) => type).sort()).toEqual(
    [CLUSTER, POD_MONITOR, SERVICE_MONITOR].sort(),
  );
});

test("waits for the cluster only if it is involved", async () => {
  const [engine] = await made();
  const { urn } = engine.one(CLUSTER, "cluster");
  const waiting = engine.registered.filter(({ dependencies }) => dependencies.includes(urn));
  expect(waiting.map(({ type, name }) => `${type}::${name}`).sort()).toEqual(
    [
      `${ENDPOINT}::observability-endpoint`,
      `${RULE}::observability-containers`,
      `${RULE}::observability-metrics`,
      `${ASSOCIATION}::observability-containers`,
      `${ASSOCIATION}::observability-endpoint`,
      `${ASSOCIATION}::observability-metrics`,
      `${SETTING}::observability-control-plane`,
    ].sort(),
  );
});

test("creates the monitors last, when their kinds are likely to exist", async () => {
  const [engine] = await made();
  const before = [
    engine.one(GRAFANA, "observability-grafana").urn,
    engine.one(ASSOCIATION, "observability-metrics").urn,
    engine.one(ASSOCIATION, "observability-endpoint").urn,
  ].sort();
  const podMonitor = engine.one(POD_MONITOR, "observability-envoy-stats");
  const serviceMonitor = engine.one(SERVICE_MONITOR, "observability-istiod");
  expect([...podMonitor.dependencies].sort()).toEqual(before);
  expect([...serviceMonitor.dependencies].sort()).toEqual(before);
});

test("sends everything to the given workspace and the new one", async () => {
  const [engine] = await made();
  const containers = engine.one(RULE, "observability-containers").inputs;
  expect(containers).toMatchObject({
    ...PLACE,
    destinations: { logAnalytics: [{ workspaceResourceId: "logs-id" }] },
  });
  expect(engine.one(SETTING, "observability-control-plane").inputs["workspaceId"]).toBe("logs-id");
  const integrations = ["properties", "grafanaIntegrations", "azureMonitorWorkspaceIntegrations"];
  const grafana = engine.one(GRAFANA, "observability-grafana").inputs;
  expect(valueAt(grafana, integrations)).toEqual([
    { azureMonitorWorkspaceResourceId: "observability-id" },
  ]);
  const scope = (name: string) => engine.one(ROLE, `observability-grafana-${name}`).inputs["scope"];
  expect([scope("metrics-reader"), scope("logs-reader")]).toEqual([
    "observability-id",
    "logs-group-id",
  ]);
});

describe("Application Insights", () => {
  test("stores its data in the Log Analytics workspace, and accepts no keys", async () => {
    const [engine] = await made();
    expect(engine.one(INSIGHTS, "observability-insights").inputs).toEqual({
      ...PLACE,
      applicationType: "web",
      kind: "web",
      workspaceResourceId: "logs-id",
      disableLocalAuth: true,
      publicNetworkAccessForIngestion: "Enabled",
      publicNetworkAccessForQuery: "Enabled",
      // The SDK fills in the rest.
      flowType: "Bluefield",
      ingestionMode: "LogAnalytics",
      requestSource: "rest",
    });
  });

  test("outputs its connection string as a secret, also in the state", async () => {
    const [engine, { applicationInsightsConnectionString: connectionString }, sealed] =
      await made();
    expect(await pulumi.isSecret(connectionString)).toBe(true);
    expect(await resolved(connectionString)).toBe("InstrumentationKey=planted");
    expect(sealed).toEqual({
      "observability-insights": ["connectionString", "instrumentationKey"],
    });
    expect(JSON.stringify(engine.one(OWN, "observability").inputs)).not.toContain("planted");
  });
});

test.each([
  ["ingestion", ["Disabled", "Enabled", "Disabled", "Enabled", "Enabled"]],
  ["query", ["Enabled", "Disabled", "Enabled", "Disabled", "Enabled"]],
  ["grafana", ["Enabled", "Enabled", "Enabled", "Enabled", "Disabled"]],
])("closes %s to public networks, and nothing else", async (closed, access) => {
  const [engine] = await made({ publicNetworkAccess: { ...OPEN, [closed]: false } });
  const insights = engine.one(INSIGHTS, "observability-insights").inputs;
  const { networkAcls } = engine.one(ENDPOINT, "observability-endpoint").inputs;
  const { properties } = engine.one(GRAFANA, "observability-grafana").inputs;
  expect([
    valueAt(networkAcls, ["publicNetworkAccess"]),
    engine.one(METRICS, "observability").inputs["publicNetworkAccess"],
    insights["publicNetworkAccessForIngestion"],
    insights["publicNetworkAccessForQuery"],
    valueAt(properties, ["publicNetworkAccess"]),
  ]).toEqual(access);
});

test("outputs the metrics workspace and the Grafana URL", async () => {
  const [, observability] = await made();
  expect(await resolved(observability.azureMonitorWorkspaceId)).toBe("observability-id");
  expect(await resolved(observability.grafanaEndpoint)).toBe(
    "https://grafana-0a1b.weu.grafana.azure.com",
  );
});

/** Adds outputs, by resource, that resources created from now on declare secret. */
function watchSecretOutputs(): Readonly<Record<string, readonly string[]>> {
  const seen: Record<string, readonly string[]> = {};
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!(monitor instanceof MockMonitor)) throw new Error("The mocks are not in place.");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    const outputs = request.getAdditionalsecretoutputsList();
    if (outputs.length > 0) seen[request.getName()] = outputs;
    return register(request, callback);
  };
  return seen;
}
