import { describe, expect, test } from "vitest";
import { isIgnored, mayReplace } from "../../../cli/change/replacement.ts";
import type { PropertyPath } from "../../../cli/change/propertyPath.ts";
import type { PlannedOptions } from "../../../offline/plan/plan.ts";
import { resource } from "../../support/plan.ts";

const AZURE = "the Azure Native provider replaces a resource in which it changes";
const KUBERNETES = "the Kubernetes provider replaces an object in which it changes";

function reason(type: string, path: PropertyPath, options: Partial<PlannedOptions> = {}) {
  return mayReplace(resource({ type, name: "a", options }), path);
}

describe("a change may replace a resource", () => {
  test("if its program says so", () => {
    const options = { replaceOnChanges: ["tags", "sku.name"] };
    expect(reason("a:b:C", ["sku", "name"], options)).toBe("replaceOnChanges names sku.name");
    expect(reason("a:b:C", ["sku"], options)).toBe("replaceOnChanges names sku.name");
    expect(reason("a:b:C", ["sku", "tier"], options)).toBeUndefined();
    expect(reason("a:b:C", ["x"], { replaceOnChanges: ["*"] })).toBe("replaceOnChanges names *");
  });

  test.each<readonly [string, PropertyPath, string | undefined]>([
    ["kubernetes:core/v1:Namespace", ["metadata", "name"], KUBERNETES],
    ["kubernetes:core/v1:Namespace", ["metadata", "labels", "a"], undefined],
    ["kubernetes:networking.istio.io/v1:Gateway", ["metadata", "namespace"], KUBERNETES],
    ["kubernetes:networking.istio.io/v1:Gateway", ["spec", "selector"], undefined],
    ["kubernetes:core/v1:ServicePatch", ["metadata", "name"], undefined],
    ["kubernetes:helm.sh/v3:Release", ["metadata", "name"], undefined],
    ["kubernetes:apps/v1:Deployment", ["spec", "selector", "matchLabels", "app"], KUBERNETES],
    ["kubernetes:apps/v1:Deployment", ["spec"], KUBERNETES],
    ["kubernetes:apps/v1:Deployment", ["spec", "replicas"], undefined],
    ["kubernetes:batch/v1:Job", ["spec", "template", "spec"], KUBERNETES],
    ["kubernetes:batch/v1:CronJob", ["spec", "template"], undefined],
    ["azure-native:containerservice:ManagedCluster", ["dnsPrefix"], AZURE],
    ["azure-native:containerservice/v20250901:ManagedCluster", ["dnsPrefix"], AZURE],
    ["azure-native:containerservice:ManagedCluster", ["kubernetesVersion"], undefined],
    ["azure-native:containerservice:ManagedCluster", ["networkProfile", "networkPlugin"], AZURE],
    [
      "azure-native:containerservice:ManagedCluster",
      ["networkProfile", "natGatewayProfile"],
      undefined,
    ],
    ["azure-native:monitor:DataCollectionRule", ["resourceGroupName"], AZURE],
    ["azure-native:monitor:DataCollectionRule", ["description"], undefined],
    ["pulumi:providers:kubernetes", ["kubeconfig"], undefined],
    ["random:index:Password", ["length"], undefined],
  ])("%s: %j", (type, path, expected) => {
    expect(reason(type, path)).toBe(expected);
  });
});

test("ignoreChanges names a property or one around it", () => {
  const one = resource({
    type: "a:b:C",
    name: "a",
    options: { ignoreChanges: ["tags", "pools[*].count"] },
  });
  expect(isIgnored(one, ["tags", "x"])).toBe(true);
  expect(isIgnored(one, ["pools", 3, "count"])).toBe(true);
  expect(isIgnored(one, ["pools", { name: "system" }, "count"])).toBe(true);
  expect(isIgnored(one, ["pools"])).toBe(false);
});
