import { describe, expect, test } from "vitest";
import { nsNoAksInternalLabels } from "../../../../policy/rules/ns/ns-no-aks-internal-labels.ts";
import { UNKNOWN, cluster, kubernetes, namespace } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);

async function messages(fixture: Fixture) {
  const reports = await run(nsNoAksInternalLabels, [mesh, provider, fixture]);
  return reports.map(({ level, message }) => [level, message.replace('Namespace "shop": ', "")]);
}

const REV = { "istio.io/rev": "asm-1-30" };
const MANAGED = "kubernetes.azure.com/managedby";

const report = (is: string) => [
  "violation",
  `metadata.labels${is}. AKS excludes namespaces with this label from admission webhooks, so its pods may not get sidecars. Remove the label, or check that new pods have a sidecar.`,
];

describe("ns-no-aks-internal-labels", () => {
  test.each([
    ["a namespace without them", namespace(provider, { ...REV, team: "web" })],
    ["a namespace outside the mesh", namespace(provider, { "control-plane": "kubeflow" })],
    ["another manager", namespace(provider, { ...REV, [MANAGED]: "team" })],
    ["a manager that is known only later", namespace(provider, { ...REV, [MANAGED]: UNKNOWN })],
    ["a system namespace", namespace(provider, { ...REV, "control-plane": "true" }, "kube-system")],
    [
      "a revision that does not run, so no pod has a sidecar",
      namespace(provider, { "istio.io/rev": "asm-1-27", "control-plane": "x" }),
    ],
    ["unknown labels", namespace(provider, UNKNOWN)],
  ])("accepts %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each([
    ["control-plane", { ...REV, "control-plane": "kubeflow" }, '.control-plane is "kubeflow"'],
    ["an empty control-plane", { ...REV, "control-plane": "" }, '.control-plane is ""'],
    ["an unknown control-plane", { ...REV, "control-plane": UNKNOWN }, ".control-plane is set"],
    ["the label of AKS", { ...REV, [MANAGED]: "aks" }, `["${MANAGED}"] is "aks"`],
  ])("reports %s", async (_, labels, is) => {
    expect(await messages(namespace(provider, labels))).toEqual([report(is)]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const labelled = namespace(on, { ...REV, "control-plane": "kubeflow" });
    expect(await run(nsNoAksInternalLabels, [plain, on, labelled])).toEqual([]);
  });
});
