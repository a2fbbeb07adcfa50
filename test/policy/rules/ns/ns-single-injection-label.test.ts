import { describe, expect, test } from "vitest";
import { nsSingleInjectionLabel } from "../../../../policy/rules/ns/ns-single-injection-label.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const REV = { "istio.io/rev": "asm-1-30" };
const LEGACY = { "istio-injection": "disabled" };
const AMBIENT = { "istio.io/dataplane-mode": "none" };

async function messages(stack: readonly Fixture[]) {
  return (await run(nsSingleInjectionLabel, stack)).map(({ level, message }) => [level, message]);
}

function onMesh(labels: unknown) {
  return messages([mesh, provider, namespace(provider, labels)]);
}

describe("ns-single-injection-label", () => {
  test.each([
    [
      { ...REV, ...LEGACY },
      'metadata.labels["istio.io/rev"] and metadata.labels.istio-injection are set, but only one label may control injection. Keep only istio.io/rev if the pods should have sidecars, or remove all of them.',
    ],
    [
      { ...AMBIENT, ...LEGACY },
      'metadata.labels.istio-injection and metadata.labels["istio.io/dataplane-mode"] are set, but only one label may control injection. Remove both, and set istio.io/rev if the pods should have sidecars.',
    ],
    [
      { ...AMBIENT, ...LEGACY, ...REV },
      'metadata.labels["istio.io/rev"] and metadata.labels.istio-injection and metadata.labels["istio.io/dataplane-mode"] are set, but only one label may control injection. Keep only istio.io/rev if the pods should have sidecars, or remove all of them.',
    ],
    [
      { "istio.io/rev": UNKNOWN, "istio-injection": UNKNOWN },
      'metadata.labels["istio.io/rev"] and metadata.labels.istio-injection are set, but only one label may control injection. Keep only istio.io/rev if the pods should have sidecars, or remove all of them.',
    ],
  ])("reports %j, once", async (labels, said) => {
    expect(await onMesh(labels)).toEqual([["violation", `Namespace "shop": ${said}`]]);
  });

  test.each<[string, unknown]>([
    ["a revision", { ...REV, team: "web" }],
    ["only a legacy label, which ns-no-legacy-injection-label reports", LEGACY],
    ["only ambient mode, which ns-no-ambient reports", AMBIENT],
    ["none", {}],
    ["no labels", null],
    ["invalid labels", ["istio-injection", "istio.io/rev"]],
  ])("ignores: %s", async (_, labels) => {
    expect(await onMesh(labels)).toEqual([]);
  });

  test("judges patches, and the objects in lists", async () => {
    const metadata = { name: "web", labels: { ...REV, ...LEGACY } };
    const patch = object(provider, "core/v1", "NamespacePatch", { metadata });
    const list = object(provider, "core/v1", "NamespaceList", { items: [{ metadata }, {}] });
    expect(await messages([mesh, provider, patch, list])).toHaveLength(2);
  });

  test("refuses unknown labels", async () => {
    expect(await onMesh(UNKNOWN)).toEqual([
      [
        "violation",
        'Namespace "shop": metadata.labels is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.',
      ],
    ]);
  });

  test("ignores a cluster without the add-on, and refuses if it is ambiguous", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const onPlain = kubernetes(plain);
    expect(await messages([plain, onPlain, namespace(onPlain, { ...REV, ...LEGACY })])).toEqual([]);
    const unsure = cluster({ serviceMeshProfile: UNKNOWN });
    const on = kubernetes(unsure);
    expect(await messages([unsure, on, namespace(on, { ...REV, ...LEGACY })])).toEqual([
      [
        "violation",
        expect.stringContaining('serviceMeshProfile of ManagedCluster "orders" is known only'),
      ],
    ]);
    expect(await messages([unsure, on, namespace(on, REV)])).toEqual([]);
  });
});
