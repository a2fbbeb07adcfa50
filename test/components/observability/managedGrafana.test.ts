import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { createManagedGrafana } from "../../../components/observability/managedGrafana.ts";
import type {
  ManagedGrafanaArgs,
  Principals,
} from "../../../components/observability/managedGrafana.ts";
import { grafanaName } from "../../../components/observability/monitoringNames.ts";
import { mockEngine } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const GRAFANA = "azure-native:dashboard:Grafana";
const ROLE = "azure-native:authorization:RoleAssignment";

const SUBSCRIPTION = "/subscriptions/6f1c0b7e-3c55-4f0e-9a53-0f4c7c1f2a11";
const GROUP = `${SUBSCRIPTION}/resourceGroups/logs-group1234`;
const METRICS = `${GROUP}/providers/Microsoft.Monitor/accounts/mesh5678`;
const DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions";
const ADMIN = "22926164-76b3-42b3-bc55-97df8dab3e41";
const EDITOR = "a79a5197-3a5c-4973-a920-486035ffd60f";
const VIEWER = "60921a7e-fef1-4a43-9b16-a26c52ad4769";

const IDENTITY = "9c8c6b0f-5f0d-4a44-8f61-0e8a0f6f7a33";
const ADMINISTRATORS = "c0ffee00-0000-4000-8000-000000000001";
const NOBODY: Principals = { users: [], groups: [], servicePrincipals: [] };

async function made(args: Partial<ManagedGrafanaArgs> = {}): Promise<Recorder> {
  const engine = await mockEngine({
    outputs: { [GRAFANA]: { identity: { type: "SystemAssigned", principalId: IDENTITY } } },
  });
  createManagedGrafana(
    "grafana",
    {
      location: "westeurope",
      resourceGroupName: "logs-group1234",
      resourceGroupId: pulumi.output(GROUP),
      azureMonitorWorkspaceId: pulumi.output(METRICS),
      adminGroupObjectId: ADMINISTRATORS,
      roles: { admins: NOBODY, editors: NOBODY, viewers: NOBODY },
      publicNetworkAccess: true,
      ...args,
    },
    {},
  );
  await engine.settle();
  return engine;
}

/** The assigned roles, by logical name. */
function assigned(engine: Recorder): Readonly<Record<string, unknown>> {
  const assignments = engine.registered.filter(({ type }) => type === ROLE);
  return Object.fromEntries(assignments.map(({ name, inputs }) => [name, inputs]));
}

test("reads the metrics, has no keys, and logs in with its own identity", async () => {
  const engine = await made();
  expect(engine.one(GRAFANA, "grafana").inputs).toEqual({
    location: "westeurope",
    resourceGroupName: "logs-group1234",
    workspaceName: grafanaName(GROUP),
    sku: { name: "Standard" },
    identity: { type: "SystemAssigned" },
    properties: {
      apiKey: "Disabled",
      publicNetworkAccess: "Enabled",
      grafanaIntegrations: {
        azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: METRICS }],
      },
    },
  });
});

test("can be closed to public networks", async () => {
  const engine = await made({ publicNetworkAccess: false });
  expect(engine.one(GRAFANA, "grafana").inputs).toMatchObject({
    properties: { publicNetworkAccess: "Disabled" },
  });
});

describe("the roles", () => {
  const reader = { principalId: IDENTITY, principalType: "ServicePrincipal" };
  const always = {
    "grafana-metrics-reader": {
      ...reader,
      scope: METRICS,
      roleDefinitionId: `${SUBSCRIPTION}${DEFINITIONS}/b0d8363b-8ddd-447d-831f-62ca05bff136`,
    },
    "grafana-logs-reader": {
      ...reader,
      scope: GROUP,
      roleDefinitionId: `${SUBSCRIPTION}${DEFINITIONS}/43d0d8ad-25c7-4714-9337-8ba259a9fe05`,
    },
    "grafana-administrators": {
      principalId: ADMINISTRATORS,
      principalType: "Group",
      scope: "grafana-id",
      roleDefinitionId: `${DEFINITIONS}/${ADMIN}`,
    },
  };

  test("allow it to read metrics and logs, and only its administrators to log in", async () => {
    expect(assigned(await made())).toEqual(always);
  });

  const people = {
    admins: { ...NOBODY, servicePrincipals: ["A0000000-0000-4000-8000-000000000001"] },
    editors: { ...NOBODY, groups: ["b0000000-0000-4000-8000-000000000002"] },
    viewers: {
      ...NOBODY,
      users: ["d0000000-0000-4000-8000-000000000004", "c0000000-0000-4000-8000-000000000003"],
    },
  };

  test("of others are as configured, each for its configured principal type", async () => {
    const on = (principalId: string, principalType: string, role: string) => ({
      principalId,
      principalType,
      scope: "grafana-id",
      roleDefinitionId: `${DEFINITIONS}/${role}`,
    });
    const [admin] = people.admins.servicePrincipals;
    const [editor] = people.editors.groups;
    const [viewer, another] = people.viewers.users;
    expect(assigned(await made({ roles: people }))).toEqual({
      ...always,
      "grafana-Admin-a0000000-0000-4000-8000-000000000001": on(
        String(admin),
        "ServicePrincipal",
        ADMIN,
      ),
      "grafana-Editor-b0000000-0000-4000-8000-000000000002": on(String(editor), "Group", EDITOR),
      "grafana-Viewer-c0000000-0000-4000-8000-000000000003": on(String(another), "User", VIEWER),
      "grafana-Viewer-d0000000-0000-4000-8000-000000000004": on(String(viewer), "User", VIEWER),
    });
  });

  test("do not depend on the order of the principals", async () => {
    const reversed = { ...NOBODY, users: [...people.viewers.users].reverse() };
    const one = assigned(await made({ roles: people }));
    const other = assigned(await made({ roles: { ...people, viewers: reversed } }));
    expect(other).toEqual(one);
  });
});
