import { expect, test } from "vitest";
import {
  analyzeMessage,
  stackMessage,
  stackResourceMessage,
} from "../../../offline/pack/analyzerMessages.ts";
import { SIGNATURE, UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import { resource, stack } from "../../support/plan.ts";

const root = stack();
const reference = { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:site" };
const planned = resource({
  type: "a:b:C",
  name: "name",
  parent: root,
  dependencies: ["urn:2", "urn:1"],
  propertyDependencies: { size: ["urn:1"], tags: ["urn:2", "urn:1"] },
  options: {
    protect: true,
    deleteBeforeReplace: false,
    ignoreChanges: ["tags"],
    additionalSecretOutputs: ["key"],
    aliases: ["urn:old"],
    customTimeouts: { create: 5_400, update: 90 },
  },
});
const analyzed = {
  resource: planned,
  properties: { size: UNKNOWN, key: markSecret("k"), site: reference },
  provider: {
    type: "pulumi:providers:a",
    urn: "urn:provider",
    name: "blue",
    properties: { site: { ...reference, id: "id-1" } },
  },
};

const WIRE_PROPERTIES = { size: UNKNOWN, key: markSecret("k"), site: "urn:site" };
const WIRE_OPTIONS = {
  protect: true,
  ignorechangesList: ["tags"],
  deletebeforereplace: false,
  deletebeforereplacedefined: true,
  additionalsecretoutputsList: ["key"],
  aliasesList: ["urn:old"],
  customtimeouts: { create: 5_400, update: 90, pb_delete: 0 },
  parent: root.urn,
};

test("a resource under analysis: references are IDs, unknowns and secrets stay", () => {
  const message = analyzeMessage(analyzed);
  expect(message.toObject()).toMatchObject({
    type: "a:b:C",
    name: "name",
    urn: planned.urn,
    options: WIRE_OPTIONS,
    provider: { type: "pulumi:providers:a", urn: "urn:provider", name: "blue" },
  });
  expect(message.getProperties()?.toJavaScript()).toEqual(WIRE_PROPERTIES);
  expect(message.getProvider()?.getProperties()?.toJavaScript()).toEqual({ site: "id-1" });
});

test("a resource of the stack lists its dependencies too", () => {
  const message = stackResourceMessage(analyzed);
  expect(message.toObject()).toMatchObject({
    type: "a:b:C",
    name: "name",
    urn: planned.urn,
    parent: root.urn,
    dependenciesList: ["urn:2", "urn:1"],
    propertydependenciesMap: [
      ["size", { urnsList: ["urn:1"] }],
      ["tags", { urnsList: ["urn:2", "urn:1"] }],
    ],
    options: WIRE_OPTIONS,
  });
  expect(message.getProperties()?.toJavaScript()).toEqual(WIRE_PROPERTIES);
});

test("an unset field of a resource stays unset", () => {
  const bare = { resource: resource({ type: "a:b:C", name: "name" }), properties: {} };
  const message = analyzeMessage({ ...bare, provider: undefined });
  expect(message.hasProvider()).toBe(false);
  expect(message.getOptions()?.hasCustomtimeouts()).toBe(false);
  expect(message.getOptions()?.getDeletebeforereplacedefined()).toBe(false);
});

test("a pack receives the stack, a dry run, and which settings are secret", () => {
  const message = stackMessage({
    identity: { organization: "acme", project: "shop", stack: "dev" },
    config: new Map([
      ["shop:size", { value: "3", secret: false }],
      ["shop:token", { value: "hunter2", secret: true }],
    ]),
  });
  expect(message.toObject()).toMatchObject({
    organization: "acme",
    project: "shop",
    stack: "dev",
    dryRun: true,
    configMap: [
      ["shop:size", "3"],
      ["shop:token", "hunter2"],
    ],
    configSecretKeysList: ["shop:token"],
  });
});
