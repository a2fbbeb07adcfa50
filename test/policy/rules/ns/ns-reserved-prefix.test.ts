import { describe, expect, test } from "vitest";
import { nsReservedPrefix } from "../../../../policy/rules/ns/ns-reserved-prefix.ts";
import { UNKNOWN, cluster, kubernetes, namespace } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);

async function messages(fixture: Fixture) {
  const reports = await run(nsReservedPrefix, [mesh, provider, fixture]);
  return reports.map(({ level, message }) => [level, message]);
}

const named = (name: string) => namespace(provider, {}, name);

const managed = (managedNamespaceName: unknown): Fixture => ({
  type: "azure-native:containerservice:ManagedNamespace",
  name: "team",
  props: { resourceName: "orders", managedNamespaceName },
});

describe("ns-reserved-prefix", () => {
  test.each([
    ["another name", named("shop")],
    ["a prefix that only looks similar", named("kubecost")],
    ["a reserved prefix inside the name", named("my-kube-tools")],
    ["istio-system", named("istio-system")],
    ["a system namespace", named("kube-system")],
    ["the ingress gateways' namespace", named("aks-istio-ingress")],
    ["the egress gateways' namespace", named("aks-istio-egress")],
    ["a patch", { ...named("kube-tools"), type: "kubernetes:core/v1:NamespacePatch" }],
    ["a managed namespace", managed("team")],
    ["a managed namespace with a name that is known only later", managed(UNKNOWN)],
    ["a namespace without a name", namespace(provider, {}, undefined)],
  ])("accepts %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each([
    [
      named("kube-tools"),
      'Namespace "kube-tools": metadata.name is kube-tools, which begins with kube-, a prefix that Kubernetes reserves. Choose another name.',
    ],
    [
      named("aks-istio-team"),
      'Namespace "aks-istio-team": metadata.name is aks-istio-team, which begins with aks-istio-, a prefix that AKS reserves for the Istio add-on. Choose another name.',
    ],
    [
      managed("aks-istio-team"),
      'ManagedNamespace "team": managedNamespaceName is aks-istio-team, which begins with aks-istio-, a prefix that AKS reserves for the Istio add-on. Choose another name.',
    ],
    [
      managed("kube-team"),
      'ManagedNamespace "team": managedNamespaceName is kube-team, which begins with kube-, a prefix that Kubernetes reserves. Choose another name.',
    ],
  ])("reports %j", async (fixture, message) => {
    expect(await messages(fixture)).toEqual([["violation", message]]);
  });
});
