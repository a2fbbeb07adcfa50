import { describe, expect, test } from "vitest";
import { nsMeshDecisionExplicit } from "../../../../policy/rules/ns/ns-mesh-decision-explicit.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);

async function messages(stack: readonly Fixture[], leftOutBy?: string) {
  const config = leftOutBy === undefined ? {} : { "ns-mesh-decision-explicit": { leftOutBy } };
  return (await run(nsMeshDecisionExplicit, stack, { config })).map(({ level, message }) => [
    level,
    message,
  ]);
}

function onMesh(labels: unknown, leftOutBy?: string) {
  return messages([mesh, provider, namespace(provider, labels)], leftOutBy);
}

describe("ns-mesh-decision-explicit", () => {
  test.each([[{ team: "web" }], [null], [{}], [["istio.io/rev"]]])(
    "advises if the labels are %j",
    async (labels) => {
      expect(await onMesh(labels)).toEqual([
        [
          "violation",
          'Namespace "shop": the namespace does not state whether it is in the mesh. Set metadata.labels["istio.io/rev"] to a revision of its cluster, or set the label aks-istio/mesh if its pods should have no sidecars.',
        ],
      ]);
    },
  );

  test.each<[string, unknown]>([
    ["a revision", { "istio.io/rev": "asm-1-30" }],
    ["an unknown revision", { "istio.io/rev": UNKNOWN }],
    ["a namespace outside the mesh", { "aks-istio/mesh": "outside" }],
    ["a label that other rules report", { "istio-injection": "disabled" }],
    ["ambient mode, which other rules report", { "istio.io/dataplane-mode": "ambient" }],
    ["unknown labels", UNKNOWN],
  ])("ignores: %s", async (_, labels) => {
    expect(await onMesh(labels)).toEqual([]);
  });

  test("accepts an annotation as well", async () => {
    const annotated = (annotations: unknown) =>
      messages([
        mesh,
        provider,
        object(provider, "core/v1", "Namespace", { metadata: { name: "shop", annotations } }),
      ]);
    expect(await annotated({ "aks-istio/mesh": "outside" })).toEqual([]);
    expect(await annotated(UNKNOWN)).toEqual([]);
    expect(await annotated({ team: "web" })).toHaveLength(1);
  });

  test("accepts the configured label, and no other", async () => {
    const labels = { "example.com/no-mesh": "true" };
    expect(await onMesh(labels, "example.com/no-mesh")).toEqual([]);
    expect(
      (await onMesh({ "aks-istio/mesh": "outside" }, "example.com/no-mesh"))[0]?.[1],
    ).toContain("or set the label example.com/no-mesh if");
  });

  test("ignores patches and system namespaces, and judges the objects in lists", async () => {
    const patch = object(provider, "core/v1", "NamespacePatch", { metadata: { name: "shop" } });
    const system = namespace(provider, {}, "gatekeeper-system");
    expect(await messages([mesh, provider, patch, system])).toEqual([]);
    const items = [{ metadata: { name: "kube-system" } }, { metadata: { name: "a" } }, {}];
    const list = object(provider, "core/v1", "NamespaceList", { items });
    expect(await messages([mesh, provider, list])).toHaveLength(2);
  });

  test("ignores a cluster without the add-on, and an ambiguous one", async () => {
    for (const serviceMeshProfile of [undefined, UNKNOWN]) {
      const other = cluster({ serviceMeshProfile });
      const on = kubernetes(other);
      expect(await messages([other, on, namespace(on, {})])).toEqual([]);
    }
  });
});
