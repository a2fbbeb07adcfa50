import { describe, expect, test } from "vitest";
import { nsNoAmbient } from "../../../../policy/rules/ns/ns-no-ambient.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const MODE = "istio.io/dataplane-mode";
const WAYPOINT = "istio.io/use-waypoint";

async function messages(stack: readonly Fixture[]) {
  return (await run(nsNoAmbient, stack)).map(({ level, message }) => [level, message]);
}

function onMesh(fixture: Fixture) {
  return messages([mesh, provider, fixture]);
}

function gateway(gatewayClassName: unknown): Fixture {
  const props = { metadata: { name: "waypoint" }, spec: { gatewayClassName } };
  return object(provider, "gateway.networking.k8s.io/v1", "Gateway", props);
}

describe("ns-no-ambient", () => {
  test("reports each label that requests ambient mode", async () => {
    expect(await onMesh(namespace(provider, { [MODE]: "ambient", [WAYPOINT]: "shop" }))).toEqual([
      [
        "violation",
        'Namespace "shop": metadata.labels["istio.io/dataplane-mode"] is ambient, which requests ambient mode, but the add-on does not support it. Remove it.',
      ],
      [
        "violation",
        'Namespace "shop": metadata.labels["istio.io/use-waypoint"] is shop, which requests ambient mode, but the add-on does not support it. Remove it.',
      ],
    ]);
  });

  test("reports pods that request it", async () => {
    const template = { metadata: { labels: { [MODE]: "ambient" } } };
    const web = object(provider, "apps/v1", "Deployment", { spec: { template } }, "web");
    expect((await onMesh(web)).map(([, text]) => text)).toEqual([
      expect.stringContaining(
        'Deployment "web": spec.template.metadata.labels["istio.io/dataplane-mode"] is ambient',
      ),
    ]);
  });

  test("reports waypoints", async () => {
    expect(await onMesh(gateway("istio-waypoint"))).toEqual([
      [
        "violation",
        'Gateway "waypoint": spec.gatewayClassName is istio-waypoint, a proxy for ambient mode, but the add-on does not support it. Remove the Gateway.',
      ],
    ]);
  });

  test.each<[string, Fixture]>([
    ["a namespace of the mesh", namespace(provider)],
    ["a namespace that opts out", namespace(provider, { [MODE]: "none", [WAYPOINT]: "none" })],
    ["a gateway for sidecars", gateway("istio")],
    ["a gateway without a class", gateway(undefined)],
    ["invalid labels", namespace(provider, [MODE])],
    ["labels with invalid values", namespace(provider, { [MODE]: { mode: "ambient" } })],
  ])("ignores: %s", async (_, fixture) => {
    expect(await onMesh(fixture)).toEqual([]);
  });

  test("ignores a cluster without the add-on, whose own Istio may support it", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    expect(await messages([plain, on, namespace(on, { [MODE]: "ambient" })])).toEqual([]);
  });

  test.each<[string, Fixture]>([
    [
      'metadata.labels["istio.io/dataplane-mode"]',
      namespace(provider, { [MODE]: UNKNOWN }, "waypoint"),
    ],
    ["spec.gatewayClassName", gateway(UNKNOWN)],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(
      (await onMesh(fixture)).map(([level, text]) => [level, text?.replace(/^\w+/, "It")]),
    ).toEqual([
      [
        "unjudged",
        `It "waypoint": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  describe("remediation", () => {
    async function mended(fixture: Fixture, on: Fixture = mesh) {
      const by = kubernetes(on);
      return remediate(nsNoAmbient, [on, by, { ...fixture, provider: by }]);
    }

    test("drops the labels of a namespace, permanently", async () => {
      const asking = namespace(provider, { [MODE]: "ambient", [WAYPOINT]: "shop", team: "web" });
      const props = { metadata: { name: "shop", labels: { team: "web" } } };
      expect(await mended(asking)).toEqual(props);
      expect(await mended({ ...asking, props })).toBeUndefined();
      expect(await onMesh({ ...asking, props })).toEqual([]);
    });

    test.each<[string, Fixture, Fixture]>([
      ["a namespace that opts out", namespace(provider, { [MODE]: "none" }), mesh],
      ["an unknown label", namespace(provider, { [MODE]: UNKNOWN }), mesh],
      ["unknown labels", namespace(provider, UNKNOWN), mesh],
      [
        "a pod, whose labels selectors may use",
        object(provider, "core/v1", "Pod", { metadata: { labels: { [MODE]: "ambient" } } }),
        mesh,
      ],
      [
        "a cluster without the add-on",
        namespace(provider, { [MODE]: "ambient" }),
        cluster({ serviceMeshProfile: undefined }),
      ],
    ])("changes nothing for %s", async (_, fixture, on) => {
      expect(await mended(fixture, on)).toBeUndefined();
    });
  });
});
