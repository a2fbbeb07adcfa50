import { expect, test } from "vitest";
import { azureChoiceOf } from "../../../cli/operate/azureOptions.ts";
import { UsageError } from "../../../offline/errors.ts";

const id = (digit: string) => [8, 4, 4, 4, 12].map((length) => digit.repeat(length)).join("-");

const config = new Map([
  ["azure-native:subscriptionId", { value: id("2"), secret: false }],
  ["azure-native:environment", { value: "china", secret: false }],
]);
const env = {
  ARM_SUBSCRIPTION_ID: id("3"),
  AZURE_SUBSCRIPTION_ID: id("4"),
  ARM_TENANT_ID: id("5"),
  ARM_ENVIRONMENT: "usgovernment",
  ARM_METADATA_HOSTNAME: "",
};

test.each([
  ["the option", { subscription: id("1") }, env, config, id("1")],
  ["the stack", {}, env, config, id("2")],
  ["ARM_SUBSCRIPTION_ID", {}, env, undefined, id("3")],
  ["AZURE_SUBSCRIPTION_ID", {}, { ...env, ARM_SUBSCRIPTION_ID: "" }, undefined, id("4")],
  ["nothing", {}, {}, undefined, undefined],
])("takes the subscription from %s", (_, flags, variables, stack, expected) => {
  expect(azureChoiceOf(flags, variables, stack).subscription).toBe(expected);
});

test("takes tenant and cloud as pulumi up does; an empty variable is none", () => {
  const rest = { tenant: id("5"), metadataHost: undefined };
  const subscription = id("2");
  expect(azureChoiceOf({}, env, config)).toEqual({ ...rest, subscription, environment: "china" });
});

test("refuses a subscription by its name", () => {
  expect(() => azureChoiceOf({ subscription: "Shop" }, {})).toThrow(
    new UsageError(
      'The subscription "Shop" is not an ID. az account list --output table shows the IDs of yours.',
    ),
  );
});
