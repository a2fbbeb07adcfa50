import { describe, expect, test } from "vitest";
import { meshAlbExtensionConflict } from "../../../../policy/rules/mesh/mesh-alb-extension-conflict.ts";
import { UNKNOWN, cluster, helmRelease, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const NAME = "alb-controller-servicemesh-extension";
const ADDRESS = `oci://mcr.microsoft.com/application-lb/charts/${NAME}`;

async function messages(fixture: Fixture, on: Fixture = mesh) {
  const reports = await run(meshAlbExtensionConflict, [on, fixture.provider ?? provider, fixture]);
  return reports.map(({ level, message }) => [level, message]);
}

const release = (chart: unknown) => helmRelease(provider, { chart });
const flux = object(provider, "helm.toolkit.fluxcd.io/v2", "HelmRelease", {
  metadata: { name: "alb", namespace: "flux-system" },
  spec: { chart: { spec: { chart: NAME, sourceRef: { kind: "HelmRepository", name: "alb" } } } },
});

const conflict = (label: string, chart: string) => [
  [
    "violation",
    `${label}: the chart ${chart} integrates Application Gateway for Containers with Istio, but it does not support the Istio add-on of the cluster. Remove the chart, and route its traffic to an ingress gateway of the add-on.`,
  ],
];

describe("mesh-alb-extension-conflict", () => {
  test.each([
    ["another chart", release("podinfo")],
    [
      "the controller itself",
      release("oci://mcr.microsoft.com/application-lb/charts/alb-controller"),
    ],
    ["a chart that only looks similar", release(`${NAME}s`)],
    ["a chart in a folder of that name", release(`./${NAME}/web`)],
    ["an unknown chart", release(UNKNOWN)],
  ])("accepts %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each([
    ["its address", release(ADDRESS), 'Release "shop"', ADDRESS],
    [
      "its address with a version",
      release(`${ADDRESS}:1.9.13`),
      'Release "shop"',
      `${ADDRESS}:1.9.13`,
    ],
    ["its archive", release(`./${NAME}-1.9.13.tgz`), 'Release "shop"', `./${NAME}-1.9.13.tgz`],
    ["its name", flux, 'HelmRelease "alb"', NAME],
  ])("reports the extension by %s", async (_, fixture, label, chart) => {
    expect(await messages(fixture)).toEqual(conflict(label, chart));
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    expect(await messages(helmRelease(kubernetes(plain), { chart: ADDRESS }), plain)).toEqual([]);
  });
});
