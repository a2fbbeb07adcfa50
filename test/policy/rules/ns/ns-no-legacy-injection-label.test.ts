import { describe, expect, test } from "vitest";
import { nsNoLegacyInjectionLabel } from "../../../../policy/rules/ns/ns-no-legacy-injection-label.ts";
import {
  UNKNOWN,
  cluster,
  kubeconfigOf,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const canary = cluster({
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29", "asm-1-30"] } },
});

async function messages(stack: readonly Fixture[]) {
  return (await run(nsNoLegacyInjectionLabel, stack)).map(({ level, message }) => [level, message]);
}

function onMesh(labels: unknown) {
  return messages([mesh, provider, namespace(provider, labels)]);
}

describe("ns-no-legacy-injection-label", () => {
  test("reports the label with its replacement, once", async () => {
    expect(await onMesh({ "istio-injection": "enabled" })).toEqual([
      [
        "violation",
        'Namespace "shop": metadata.labels.istio-injection is "enabled", and the add-on injects no sidecars into a namespace with that label. Remove it and set metadata.labels["istio.io/rev"] to asm-1-30.',
      ],
    ]);
  });

  test("leaves the choice between two revisions to the reader", async () => {
    const on = kubernetes(canary);
    const [[, message] = []] = await messages([
      canary,
      on,
      namespace(on, { "istio-injection": "enabled" }),
    ]);
    expect(message).toContain(
      'set metadata.labels["istio.io/rev"] to the revision that should inject its sidecars.',
    );
  });

  test("suggests no revision if it is unknown", async () => {
    const unsure = (revisions: unknown) =>
      cluster({ serviceMeshProfile: { mode: "Istio", istio: { revisions } } }, "unsure");
    const legacy = { "istio-injection": "enabled" };
    for (const revisions of [undefined, UNKNOWN, [UNKNOWN]]) {
      const on = unsure(revisions);
      const by = kubernetes(on);
      for (const stack of [
        [on, by, namespace(by, legacy)],
        [mesh, on, namespace(undefined, legacy)],
      ]) {
        expect((await messages(stack)).map(([, text]) => text)).toEqual([
          expect.stringMatching(/ to the revision that should inject its sidecars\.$/),
        ]);
      }
    }
  });

  test.each([
    ["Disabled", 'is "Disabled"'],
    ["", 'is ""'],
    [UNKNOWN, "is set"],
    [{ odd: true }, "is set"],
    [true, 'is "true"'],
    [null, "is set"],
  ])("reports it with almost any value: %j", async (value, shown) => {
    const [[level, message] = []] = await onMesh({ "istio-injection": value });
    expect(level).toBe("violation");
    expect(message).toContain(`metadata.labels.istio-injection ${shown}, and`);
    expect(message).toContain("Remove it.");
  });

  test("reports disabled only beside a label that asks for sidecars", async () => {
    const disabled = { "istio-injection": "disabled" };
    expect(await onMesh(disabled)).toEqual([]);
    expect(await onMesh({ ...disabled, "istio.io/rev": "asm-1-30" })).toEqual([
      [
        "violation",
        'Namespace "shop": metadata.labels.istio-injection is "disabled", and the add-on injects no sidecars into a namespace with that label. Remove it.',
      ],
    ]);
    const unsure = cluster({ serviceMeshProfile: UNKNOWN });
    const on = kubernetes(unsure);
    expect(await messages([unsure, on, namespace(on, disabled)])).toEqual([]);
  });

  test.each([
    ["a revision label", { "istio.io/rev": "asm-1-30" }],
    ["other labels, one unknown", { team: UNKNOWN }],
    ["no labels", undefined],
    ["invalid labels", ["istio-injection"]],
    ["null", null],
  ])("ignores: %s", async (_, labels) => {
    expect(await onMesh(labels)).toEqual([]);
  });

  test("refuses unknown labels", async () => {
    expect(await onMesh(UNKNOWN)).toEqual([
      [
        "violation",
        'Namespace "shop": metadata.labels is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.',
      ],
    ]);
  });

  test("judges patches, and the objects in lists", async () => {
    const metadata = { name: "web", labels: { "istio-injection": "enabled" } };
    const patch = object(provider, "core/v1", "NamespacePatch", { metadata });
    const list = object(provider, "core/v1", "NamespaceList", {
      items: [
        { metadata: { name: "fine" } },
        { metadata },
        { metadata: { ...metadata, name: "job" } },
      ],
    });
    expect(
      (await messages([mesh, provider, patch, list])).map(([, text]) => text?.split(":")[0]),
    ).toEqual(['NamespacePatch "web"', 'Namespace "web"', 'Namespace "job"']);
    const unknown = object(provider, "core/v1", "NamespaceList", { items: UNKNOWN });
    expect((await messages([mesh, provider, unknown])).map(([, text]) => text)).toEqual([
      expect.stringContaining("items is known only once it is deployed"),
    ]);
  });

  test.each([
    ["without a mesh", cluster({ serviceMeshProfile: undefined })],
    ["with a disabled mesh", cluster({ serviceMeshProfile: { mode: "Disabled" } })],
  ])("ignores a cluster %s, whose Istio may be self-managed", async (_, plain) => {
    const on = kubernetes(plain);
    expect(await messages([plain, on, namespace(on, { "istio-injection": "enabled" })])).toEqual(
      [],
    );
    expect(await messages([plain, on, namespace(on, UNKNOWN)])).toEqual([]);
  });

  test("refuses the label if the add-on is unknown", async () => {
    const unsure = cluster({ serviceMeshProfile: UNKNOWN });
    const on = kubernetes(unsure);
    expect(
      (await messages([unsure, on, namespace(on, { "istio-injection": "enabled" })])).map(
        ([, text]) => text,
      ),
    ).toEqual([
      expect.stringContaining('serviceMeshProfile of ManagedCluster "orders" is known only'),
    ]);
    expect(await messages([unsure, on, namespace(on)])).toEqual([]);
  });

  describe("remediation", () => {
    async function mended(labels: unknown, on: Fixture = mesh) {
      const by = kubernetes(on);
      const props = await remediate(nsNoLegacyInjectionLabel, [on, by, namespace(by, labels)]);
      return props?.["metadata"];
    }

    test("replaces enabled with the revision of the cluster, and keeps other labels", async () => {
      expect(await mended({ "istio-injection": "enabled", team: "web", note: UNKNOWN })).toEqual({
        name: "shop",
        labels: { "istio.io/rev": "asm-1-30", team: "web", note: UNKNOWN },
      });
    });

    test("drops a redundant label", async () => {
      expect(await mended({ "istio-injection": "enabled", "istio.io/rev": "asm-1-30" })).toEqual({
        name: "shop",
        labels: { "istio.io/rev": "asm-1-30" },
      });
      expect(await mended({ "istio-injection": "off" })).toEqual({ name: "shop", labels: {} });
    });

    test.each<[string, unknown, Fixture]>([
      ["without the label", { team: "web" }, mesh],
      [
        "on a cluster without a mesh",
        { "istio-injection": "enabled" },
        cluster({ serviceMeshProfile: undefined }),
      ],
      ["between two revisions", { "istio-injection": "enabled" }, canary],
      [
        "whose revision AKS chooses",
        { "istio-injection": "enabled" },
        cluster({ serviceMeshProfile: { mode: "Istio" } }),
      ],
      [
        "whose revision is unknown yet",
        { "istio-injection": "enabled" },
        cluster({ serviceMeshProfile: { mode: "Istio", istio: { revisions: [UNKNOWN] } } }),
      ],
      [
        "that would get sidecars",
        { "istio-injection": "disabled", "istio.io/rev": "asm-1-30" },
        mesh,
      ],
      ["that stays out of the mesh", { "istio-injection": "disabled" }, mesh],
      ["with an unknown value", { "istio-injection": UNKNOWN }, mesh],
      [
        "with an unknown revision label",
        { "istio-injection": "enabled", "istio.io/rev": UNKNOWN },
        mesh,
      ],
      ["with unknown labels", UNKNOWN, mesh],
    ])("changes nothing for a namespace %s", async (_, labels, on) => {
      expect(await mended(labels, on)).toBeUndefined();
    });

    test("leaves no findings and no changes", async () => {
      const broken = namespace(provider, { "istio-injection": "enabled" });
      const props = await remediate(nsNoLegacyInjectionLabel, [mesh, provider, broken]);
      const fixed: Fixture = { ...broken, props: props ?? {} };
      expect(await messages([mesh, provider, fixed])).toEqual([]);
      expect(await remediate(nsNoLegacyInjectionLabel, [mesh, provider, fixed])).toBeUndefined();
    });

    test("works for lists, and for existing clusters", async () => {
      const on = kubernetes(mesh, kubeconfigOf(mesh));
      const labels = { "istio-injection": "enabled" };
      const list = object(on, "core/v1", "NamespaceList", {
        items: [{ metadata: { name: "a", labels } }, { metadata: { name: "b" } }],
      });
      expect(await remediate(nsNoLegacyInjectionLabel, [mesh, on, list])).toEqual({
        items: [
          { metadata: { name: "a", labels: { "istio.io/rev": "asm-1-30" } } },
          { metadata: { name: "b" } },
        ],
      });
    });
  });
});
