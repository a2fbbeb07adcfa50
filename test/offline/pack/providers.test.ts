import { expect, test } from "vitest";
import { providerOf } from "../../../offline/pack/providers.ts";
import { resource, stack } from "../../support/plan.ts";

const identity = { organization: "organization", project: "shop", stack: "dev" };
const config = new Map([
  ["kubernetes:namespace", { value: "shop", secret: false }],
  ["kubernetes:kubeconfig", { value: "k", secret: true }],
  ["kubernetes-x:namespace", { value: "other", secret: false }],
  ["azure-native:location", { value: "westeurope", secret: false }],
]);
const provider = resource({
  type: "pulumi:providers:kubernetes",
  name: "blue",
  inputs: { namespace: "blue" },
});
const resources = new Map([[provider.urn, provider]]);
const namespace = { type: "kubernetes:core/v1:Namespace", name: "a" };

test("an explicit provider is passed with its inputs", () => {
  const reference = `${provider.urn}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`;
  const told = providerOf(
    resource({ ...namespace, provider: reference }),
    resources,
    identity,
    config,
  );
  expect(told).toMatchObject({
    type: "pulumi:providers:kubernetes",
    urn: "urn:pulumi:dev::shop::pulumi:providers:kubernetes::blue",
    name: "blue",
    properties: { namespace: "blue" },
  });
});

test("the default provider is passed with the stack's settings for its package", () => {
  expect(providerOf(resource(namespace), resources, identity, config)).toEqual({
    type: "pulumi:providers:kubernetes",
    urn: "urn:pulumi:dev::shop::pulumi:providers:kubernetes::default",
    name: "default",
    properties: { namespace: "shop", kubeconfig: "k" },
  });
});

test.each([
  ["a component", resource({ type: "my:index:Site", name: "a", custom: false })],
  ["a provider", provider],
  ["the stack", { ...stack(), custom: true }],
])("%s has none", (_, without) => {
  expect(providerOf(without, resources, identity, config)).toBeUndefined();
});
