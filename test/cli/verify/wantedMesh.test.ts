import { expect, test } from "vitest";
import { wantedMesh } from "../../../cli/verify/wantedMesh.ts";
import { settingsOf } from "../../../cli/stack/stackSettings.ts";
import { Assumptions } from "../../../offline/engine/assumptions.ts";
import { loadProject } from "../../../offline/project/project.ts";
import { loadStackFile } from "../../../offline/project/stackFile.ts";

const project = loadProject(".");

function wanted(example: string) {
  const file = loadStackFile(project, { configFile: `examples/${example}.yaml` });
  return wantedMesh(example, settingsOf(project, file, Assumptions.none()).settings);
}

const external = {
  name: "aks-istio-ingressgateway-external",
  namespace: "aks-istio-ingress",
  isIngress: true,
};

test("a production stack", () => {
  const { plan, ...rest } = wanted("production");
  expect(plan?.revisions).toEqual(["asm-1-30"]);
  expect(rest).toEqual({
    stack: "production",
    configMaps: ["asm-1-30"],
    namespaces: { inside: ["shop"], outside: ["batch"] },
    gateways: [external],
    metrics: true,
    gitops: rest.gitops,
  });
});

test("a stack without a MeshConfig wants no shared ConfigMap, and one without gateways none", () => {
  const { configMaps, gateways, gitops } = wanted("minimal");
  expect({ configMaps, gateways, gitops }).toEqual({ configMaps: [], gateways: [], gitops: false });
});

test("an egress gateway counts once AKS runs it", () => {
  expect(wanted("egress").gateways).toContainEqual({
    name: "partners",
    namespace: "egress",
    isIngress: false,
  });
});

test("in the phase prepared, a shared ConfigMap is ahead of its revision", () => {
  const { plan, configMaps } = wanted("upgrade-prepared");
  expect(plan?.revisions).toEqual(["asm-1-29"]);
  expect(configMaps).toEqual(plan?.configMaps);
  expect(configMaps).toEqual(["asm-1-29", "asm-1-30"]);
});

test("revisions that AKS manages are nobody's wish", () => {
  expect(wanted("external-revisions")).toMatchObject({ plan: undefined, configMaps: [] });
});
