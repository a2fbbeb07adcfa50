import type { Policies, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { toPolicies } from "../../../policy/engine/policies.ts";
import { nsNoLegacyInjectionLabel } from "../../../policy/rules/ns/ns-no-legacy-injection-label.ts";
import { nsRevisionOnCluster } from "../../../policy/rules/ns/ns-revision-on-cluster.ts";
import { meshModel } from "../../../policy/model/meshModel.ts";

/** How a version of the SDK decides for which type of resource it calls a callback. */
type Asks = (callback: object) => unknown;

const asked: Asks = (callback) => Reflect.get(callback, "__pulumiType");

const ASKS: Readonly<Record<string, () => Asks>> = {
  "for each request": () => asked,
  never: () => () => undefined,
  "only the first time": () => {
    const answers = new Map<object, unknown>();
    return (callback) => {
      if (!answers.has(callback)) answers.set(callback, asked(callback));
      return answers.get(callback);
    };
  },
  "before there is a request": () => {
    const answers = new Map<object, unknown>();
    return (callback) => answers.get(callback);
  },
};

const resource = (type: string, name: string, props: object) => ({
  type,
  name,
  urn: `urn:pulumi:dev::orders::${type}::${name}`,
  props,
  opts: { ignoreChanges: [] },
});

const STACK = [
  resource("azure-native:containerservice:ManagedCluster", "orders", {
    serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
  }),
  resource("kubernetes:core/v1:Namespace", "shop", {
    metadata: { name: "shop", labels: { "istio-injection": "enabled" } },
  }),
  // Of another type that the rules judge.
  resource("kubernetes:core/v1:NamespacePatch", "bill", { metadata: { name: "bill" } }),
];

/**
 * Makes a version of the SDK run the rules on the stack, each request separately; returns the names of those that
 * report.
 */
async function reporting(policies: Policies, asks: Asks): Promise<readonly string[]> {
  const found: string[] = [];
  const report = (name: string) => () => {
    found.push(name);
  };
  const isFor = (callback: object, type: string) => (asks(callback) ?? type) === type;
  const getConfig = () => ({});
  for (const one of STACK) {
    await Promise.resolve();
    const args = { ...one, getConfig, notApplicable: () => undefined };
    for (const policy of policies) {
      if (!("validateResource" in policy)) continue;
      for (const validate of [policy.validateResource ?? []].flat()) {
        if (!isFor(validate, one.type)) continue;
        await validate(args as unknown as ResourceValidationArgs, report(policy.name));
      }
    }
  }
  const resources = STACK.map((one) => ({ ...one, dependencies: [], propertyDependencies: {} }));
  for (const policy of policies) {
    if (!("validateStack" in policy)) continue;
    if (!STACK.some(({ type }) => isFor(policy.validateStack, type))) continue;
    const args = { resources, getConfig } as unknown as StackValidationArgs;
    await policy.validateStack(args, report(policy.name));
  }
  return found;
}

describe("an SDK that resolves the type of a policy", () => {
  const rules = [nsNoLegacyInjectionLabel, nsRevisionOnCluster];

  test.each(["for each request", "never", "before there is a request"])(
    "%s calls every rule",
    async (when) => {
      const asks = ASKS[when]?.() ?? asked;
      expect(await reporting(toPolicies(rules, meshModel), asks)).toContain(
        "ns-no-legacy-injection-label",
      );
    },
  );

  test("only at the first request fails, instead of silently skipping rules", async () => {
    const asks = ASKS["only the first time"]?.() ?? asked;
    await expect(reporting(toPolicies(rules, meshModel), asks)).rejects.toThrow(
      "The policy SDK did not call ns-no-legacy-injection-label, ns-revision-on-cluster for every resource that they judge",
    );
  });
});
