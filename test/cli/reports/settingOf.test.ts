import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CLUSTER_PROPERTIES, COMPONENTS, settingsBehind } from "../../../cli/reports/settingOf.ts";
import { Shape } from "../../../settings/schema.ts";
import { resource, stack } from "../../support/plan.ts";
import type { PlannedResource } from "../../../offline/plan/plan.ts";

const root = stack();
const component = (type: string, name: string) =>
  resource({ type: `aks-istio:index:${type}`, name, custom: false, parent: root });

function settings(made: PlannedResource, parents: readonly PlannedResource[], message = "") {
  const all = [root, ...parents, made];
  return settingsBehind(new Map(all.map((one) => [one.urn, one])), made.urn, message);
}

describe("resources of a component come from its setting", () => {
  test.each([
    ["MeshNamespace", "shop", ["namespaces", "shop"]],
    ["SampleWorkload", "podinfo", ["workloads", "podinfo"]],
    ["EgressGateway", "partners", ["gateways", "egress", "partners"]],
    ["IngressGateway", "external", ["gateways", "ingress", "External"]],
    ["IngressGateway", "internal", ["gateways", "ingress", "Internal"]],
    ["MeshCluster", "mesh", ["cluster"]],
    ["MeshConfiguration", "mesh", ["mesh"]],
  ])("%s %s", (type, name, setting) => {
    const parent = component(type, name);
    const made = resource({ type: "kubernetes:core/v1:ConfigMap", name: "any", parent });
    expect(settings(made, [parent])).toEqual([setting]);
    expect(settings(parent, [])).toEqual([setting]);
  });
});

test("each node pool of a cluster has its own setting", () => {
  const mesh = component("MeshCluster", "mesh");
  const pool = resource({
    type: "azure-native:containerservice:AgentPool",
    name: "mesh-apps",
    parent: mesh,
  });
  expect(settings(pool, [mesh])).toEqual([["cluster", "userPools", "apps"], ["cluster"]]);
});

test("a finding about the cluster points at the setting of the property that it names", () => {
  const mesh = component("MeshCluster", "mesh");
  const cluster = resource({
    type: "azure-native:containerservice:ManagedCluster",
    name: "mesh",
    parent: mesh,
  });
  const said = 'ManagedCluster "mesh": serviceMeshProfile.istio.revisions has asm-1-20.';
  expect(settings(cluster, [mesh], said)).toEqual([["mesh", "revision"], ["cluster"]]);
  expect(settings(cluster, [mesh], "It is odd.")).toEqual([["cluster"]]);
});

test("a finding about a kustomization points at its setting", () => {
  const source = component("FluxSource", "gitops");
  const flux = resource({
    type: "azure-native:kubernetesconfiguration:FluxConfiguration",
    name: "gitops",
    parent: source,
  });
  expect(settings(flux, [source], 'kustomizations.apps.path is "./x".')).toEqual([
    ["gitops", "kustomizations", "apps", "path"],
    ["gitops"],
  ]);
  expect(settings(flux, [source], "gitRepository.url is odd.")).toEqual([["gitops"]]);
  const other = { ...flux, name: "gitops-team-a" };
  const own = ["gitops", "configurations", "team-a"];
  expect(settings(other, [source], "kustomizations.web.path is odd.")).toEqual([
    [...own, "kustomizations", "web", "path"],
    own,
    ["gitops"],
  ]);
});

test("a resource outside this project's components has no setting", () => {
  const site = resource({ type: "my:index:MeshNamespace", name: "shop", parent: root });
  expect(settings(site, [])).toEqual([]);
  const unknown = component("Novelty", "shop");
  expect(settings(unknown, [])).toEqual([]);
  expect(settingsBehind(new Map(), undefined, "")).toEqual([]);
});

test("every component of the program maps to a setting that exists in stacks", () => {
  const files = readdirSync("components", { recursive: true, encoding: "utf8" });
  const types = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap(
      (file) =>
        /super\(\s*"aks-istio:index:(\w+)"/.exec(readFileSync(`components/${file}`, "utf8"))?.[1] ??
        [],
    );
  const program = readdirSync("program")
    .map((file) => readFileSync(`program/${file}`, "utf8"))
    .join("");
  // Others are for programs of users.
  const created = types.filter((type) => program.includes(`new ${type}(`));
  expect(Object.keys(COMPONENTS)).toEqual(created.sort());
  const keys = Object.keys(Shape.shape);
  for (const [key] of [
    ...Object.values(COMPONENTS).map((of) => of("name")),
    ...CLUSTER_PROPERTIES.map(([, setting]) => setting),
  ]) {
    expect(keys).toContain(key);
  }
});
