import { describe, expect, test } from "vitest";
import { planMesh, upgradeCourse } from "../../mesh/upgrade.ts";
import type { MeshPlan } from "../../mesh/upgrade.ts";
import type { EngineStep } from "../../rehearsal/engineEvents.ts";
import { differencesFrom } from "../../rehearsal/upgradeChanges.ts";

const [BEFORE, PREPARED, CANARY, PROMOTED, AFTER] = upgradeCourse("asm-1-29", "asm-1-30", {
  web: { canary: true },
  api: { canary: false },
}).map(planMesh) as unknown as readonly [MeshPlan, MeshPlan, MeshPlan, MeshPlan, MeshPlan];

function step(
  operation: string,
  type: string,
  metadata: EngineStep["inputs"],
  properties: readonly string[] = [],
  inputs: EngineStep["inputs"] = {},
): EngineStep {
  return { operation, type, name: "it", urn: "", inputs: { metadata, ...inputs }, properties };
}

const configMap = (operation: string, revision: string) =>
  step(operation, "kubernetes:core/v1:ConfigMap", { name: `istio-shared-configmap-${revision}` });
const cluster = (...properties: readonly string[]) =>
  step("update", "azure-native:containerservice:ManagedCluster", {}, properties);
const namespace = (name: string, ...properties: readonly string[]) =>
  step("update", "kubernetes:core/v1:Namespace", { name }, properties);
const pods = (of: string, ...properties: readonly string[]) =>
  step("update", "kubernetes:apps/v1:Deployment", { namespace: of }, properties, {
    spec: { template: {} },
  });
const flux = (...properties: readonly string[]) =>
  step("update", "azure-native:kubernetesconfiguration:FluxConfiguration", {}, properties);

const REVISIONS = "serviceMeshProfile.istio.revisions[1]";
const LABEL = 'metadata.labels["istio.io/rev"]';
const TEMPLATE = "spec.template.metadata.annotations.mesh-revision";
const VARIABLE = "kustomizations.apps.postBuild.substitute.mesh_revision";

describe("the changes of a phase", () => {
  test.each<[string, MeshPlan, MeshPlan, readonly EngineStep[]]>([
    ["prepared", BEFORE, PREPARED, [configMap("create", "asm-1-30")]],
    [
      "canary",
      PREPARED,
      CANARY,
      [cluster(REVISIONS), namespace("web", LABEL), pods("web", TEMPLATE)],
    ],
    [
      "promoted",
      CANARY,
      PROMOTED,
      [namespace("api", LABEL), pods("api", TEMPLATE), flux(VARIABLE)],
    ],
    ["after", PROMOTED, AFTER, [cluster(REVISIONS), configMap("delete", "asm-1-29")]],
    ["back in prepared", CANARY, PREPARED, [cluster(REVISIONS), namespace("web", LABEL)]],
  ])("%s are expected", (_, from, to, steps) => {
    expect(differencesFrom(steps, from, to, true)).toEqual({ unexpected: [], missing: [] });
  });

  test("are missing if they did not happen", () => {
    const missing = (from: MeshPlan, to: MeshPlan, hasMeshConfig = true) =>
      differencesFrom([], from, to, hasMeshConfig).missing;
    expect(missing(BEFORE, PREPARED)).toEqual(["create ConfigMap istio-shared-configmap-asm-1-30"]);
    expect(missing(BEFORE, PREPARED, false)).toEqual([]);
    expect(missing(PREPARED, CANARY)).toEqual(["update ManagedCluster", "update Namespace web"]);
    expect(missing(PROMOTED, AFTER)).toEqual([
      "update ManagedCluster",
      "delete ConfigMap istio-shared-configmap-asm-1-29",
    ]);
  });

  test.each<[string, EngineStep]>([
    ["another property of the cluster", cluster(REVISIONS, "kubernetesVersion")],
    ["a replaced cluster", { ...cluster(REVISIONS), operation: "create-replacement" }],
    ["a change of the cluster that nobody can name", cluster()],
    ["another label of a namespace", namespace("web", LABEL, "metadata.labels.team")],
    ["another namespace", namespace("api", LABEL)],
    ["pods of another namespace", pods("api", TEMPLATE)],
    ["another property of a workload", pods("web", TEMPLATE, "spec.replicas")],
    ["Flux ahead of its phase", flux(VARIABLE)],
    ["the ConfigMap of another revision", configMap("create", "asm-1-31")],
    ["a ConfigMap deleted too early", configMap("delete", "asm-1-29")],
    ["any other resource", step("delete", "kubernetes:core/v1:Service", { name: "web" })],
  ])("do not include %s", (_, unexpected) => {
    const expected = [cluster(REVISIONS), namespace("web", LABEL)];
    expect(differencesFrom([...expected, unexpected], PREPARED, CANARY, true)).toEqual({
      unexpected: [unexpected],
      missing: [],
    });
  });

  test("include a ConfigMap only if the mesh has a configuration", () => {
    const made = configMap("create", "asm-1-30");
    expect(differencesFrom([made], BEFORE, PREPARED, false).unexpected).toEqual([made]);
  });
});
