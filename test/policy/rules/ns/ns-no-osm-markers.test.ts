import { describe, expect, test } from "vitest";
import { nsNoOsmMarkers } from "../../../../policy/rules/ns/ns-no-osm-markers.ts";
import { UNKNOWN, cluster, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const REV = { "istio.io/rev": "asm-1-30" };
const MONITORED = { "openservicemesh.io/monitored-by": "osm" };
const METRICS = { "openservicemesh.io/metrics": "enabled" };

function marked(labels: unknown, annotations?: unknown, on: Fixture = provider): Fixture {
  return object(on, "core/v1", "Namespace", { metadata: { name: "shop", labels, annotations } });
}

async function messages(stack: readonly Fixture[]) {
  return (await run(nsNoOsmMarkers, stack)).map(({ level, message }) => [level, message]);
}

function onMesh(labels: unknown, annotations?: unknown) {
  return messages([mesh, provider, marked(labels, annotations)]);
}

describe("ns-no-osm-markers", () => {
  test("reports a label, once", async () => {
    expect(await onMesh({ ...REV, ...MONITORED })).toEqual([
      [
        "violation",
        'Namespace "shop": metadata.labels["openservicemesh.io/monitored-by"] belongs to Open Service Mesh, but the namespace is in the mesh of the Istio add-on. Remove it.',
      ],
    ]);
  });

  test("reports labels and annotations together", async () => {
    expect((await onMesh({ ...MONITORED, ...REV }, METRICS)).map(([, text]) => text)).toEqual([
      'Namespace "shop": metadata.labels["openservicemesh.io/monitored-by"] and metadata.annotations["openservicemesh.io/metrics"] belong to Open Service Mesh, but the namespace is in the mesh of the Istio add-on. Remove them.',
    ]);
  });

  test("reports markers with any value", async () => {
    expect(await onMesh({ ...REV, "openservicemesh.io/monitored-by": UNKNOWN })).toHaveLength(1);
    expect(await onMesh({ "istio.io/rev": UNKNOWN }, METRICS)).toHaveLength(1);
  });

  test.each<[string, unknown, unknown]>([
    ["no markers", REV, undefined],
    ["a namespace outside the mesh", MONITORED, METRICS],
    ["another prefix", { ...REV, "notopenservicemesh.io/x": "y", "openservicemesh.io": "z" }, {}],
    ["invalid labels", ["istio.io/rev"], METRICS],
    ["invalid annotations", REV, "openservicemesh.io/metrics"],
  ])("ignores: %s", async (_, labels, annotations) => {
    expect(await onMesh(labels, annotations)).toEqual([]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    expect(await messages([plain, on, marked({ ...REV, ...MONITORED }, {}, on)])).toEqual([]);
  });

  test.each<[string, unknown, unknown]>([
    ["metadata.labels", UNKNOWN, undefined],
    ["metadata.annotations", REV, UNKNOWN],
  ])("advises if %s is unknown", async (path, labels, annotations) => {
    expect(await onMesh(labels, annotations)).toEqual([
      [
        "unjudged",
        `Namespace "shop": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  describe("remediation", () => {
    async function mended(labels: unknown, annotations?: unknown, on: Fixture = mesh) {
      const by = kubernetes(on);
      const props = await remediate(nsNoOsmMarkers, [on, by, marked(labels, annotations, by)]);
      return props?.["metadata"];
    }

    test("drops the markers and nothing else, permanently", async () => {
      const fixed = { name: "shop", labels: REV, annotations: { note: "x" } };
      expect(await mended({ ...REV, ...MONITORED }, { ...METRICS, note: "x" })).toEqual(fixed);
      expect(await mended(fixed.labels, fixed.annotations)).toBeUndefined();
      expect(await onMesh(fixed.labels, fixed.annotations)).toEqual([]);
    });

    test.each<[string, unknown, Fixture]>([
      ["a namespace outside the mesh", MONITORED, mesh],
      ["unknown labels", UNKNOWN, mesh],
      [
        "a cluster without the add-on",
        { ...REV, ...MONITORED },
        cluster({ serviceMeshProfile: undefined }),
      ],
      ["an ambiguous cluster", { ...REV, ...MONITORED }, cluster({ serviceMeshProfile: UNKNOWN })],
    ])("changes nothing for %s", async (_, labels, on) => {
      expect(await mended(labels, undefined, on)).toBeUndefined();
    });
  });
});
