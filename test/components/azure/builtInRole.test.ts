import * as authorization from "@pulumi/azure-native/authorization";
import { expect, test } from "vitest";
import { assignBuiltInRole, roleDefinition } from "../../../components/azure/builtInRole.ts";
import type { BuiltInRole } from "../../../components/azure/builtInRole.ts";
import { mockEngine } from "../../support/mocks.ts";

const SUBSCRIPTION = "/subscriptions/6f1c0b7e-3c55-4f0e-9a53-0f4c7c1f2a11";
const DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions";

test.each<[BuiltInRole, string]>([
  ["Grafana Admin", "22926164-76b3-42b3-bc55-97df8dab3e41"],
  ["Grafana Editor", "a79a5197-3a5c-4973-a920-486035ffd60f"],
  ["Grafana Viewer", "60921a7e-fef1-4a43-9b16-a26c52ad4769"],
  ["Monitoring Data Reader", "b0d8363b-8ddd-447d-831f-62ca05bff136"],
  ["Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05"],
])("knows %s", (role, guid) => {
  expect(roleDefinition(role, SUBSCRIPTION)).toBe(`${SUBSCRIPTION}${DEFINITIONS}/${guid}`);
});

test.each([
  [`${SUBSCRIPTION}/resourceGroups/logs`, SUBSCRIPTION],
  [`${SUBSCRIPTION}/resourceGroups/logs/providers/Microsoft.Monitor/accounts/mesh`, SUBSCRIPTION],
  ["/providers/Microsoft.Management/managementGroups/platform", ""],
])("uses the definition in the subscription of %s", (scope, prefix) => {
  expect(roleDefinition("Monitoring Reader", scope)).toBe(
    `${prefix}${DEFINITIONS}/43d0d8ad-25c7-4714-9337-8ba259a9fe05`,
  );
});

test("assigns the role and leaves the assignment's name to Pulumi", async () => {
  const engine = await mockEngine();
  const assignment = assignBuiltInRole(
    "reader",
    {
      role: "Monitoring Data Reader",
      scope: `${SUBSCRIPTION}/resourceGroups/logs`,
      principalId: "5b3a3a8e-2f7e-43a7-9d59-0d5a2b7c9e22",
      principalType: "Group",
    },
    {},
  );
  await engine.settle();
  expect(assignment).toBeInstanceOf(authorization.RoleAssignment);
  expect(engine.one("azure-native:authorization:RoleAssignment", "reader").inputs).toEqual({
    scope: `${SUBSCRIPTION}/resourceGroups/logs`,
    roleDefinitionId: `${SUBSCRIPTION}${DEFINITIONS}/b0d8363b-8ddd-447d-831f-62ca05bff136`,
    principalId: "5b3a3a8e-2f7e-43a7-9d59-0d5a2b7c9e22",
    principalType: "Group",
  });
});
