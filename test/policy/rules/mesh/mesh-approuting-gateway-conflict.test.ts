import { describe, expect, test } from "vitest";
import { meshApproutingGatewayConflict } from "../../../../policy/rules/mesh/mesh-approuting-gateway-conflict.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const MODE = "ingressProfile.webAppRouting.gatewayAPIImplementations.appRoutingIstio.mode";
const AUTOMATIC = { name: "Automatic", tier: "Standard" };

function routed(mode: unknown, props: Props = {}): Fixture {
  const gatewayAPIImplementations = { appRoutingIstio: { mode } };
  return cluster({ ingressProfile: { webAppRouting: { gatewayAPIImplementations } }, ...props });
}

async function messages(fixture: Fixture) {
  return (await run(meshApproutingGatewayConflict, [fixture])).map(({ level, message }) => [
    level,
    message,
  ]);
}

describe("mesh-approuting-gateway-conflict", () => {
  test("reports a cluster with both, once", async () => {
    expect(await messages(routed("Enabled"))).toEqual([
      [
        "violation",
        `ManagedCluster "orders": serviceMeshProfile.mode is Istio while ${MODE} is Enabled. Set ${MODE} to Disabled before you set serviceMeshProfile.mode to Istio.`,
      ],
    ]);
  });

  test("reports an Automatic cluster with the default, from 1.36 on", async () => {
    const automatic = (kubernetesVersion: string) =>
      messages(cluster({ sku: AUTOMATIC, kubernetesVersion }));
    expect(await automatic("1.36.1")).toEqual([
      [
        "violation",
        `ManagedCluster "orders": sku.name is Automatic and kubernetesVersion is 1.36.1, for which AKS enables the application routing gateways by default. Set ${MODE} to Disabled.`,
      ],
    ]);
    expect(await automatic("1.36")).toHaveLength(1);
    expect(await automatic("1.37")).toHaveLength(1);
    expect(await automatic("1.35.9")).toEqual([]);
    expect(await automatic("1.4")).toEqual([]);
  });

  test.each([undefined, "latest"])(
    "advises if AKS chooses the version: %s",
    async (kubernetesVersion) => {
      expect(await messages(cluster({ sku: AUTOMATIC, kubernetesVersion }))).toEqual([
        [
          "unjudged",
          `ManagedCluster "orders": sku.name is Automatic, and the preview does not show which Kubernetes version AKS chooses: from 1.36 on, AKS enables the application routing gateways by default. Set ${MODE} to Disabled.`,
        ],
      ]);
    },
  );

  const routing = (props: Props = {}) =>
    cluster({ ingressProfile: { webAppRouting: { enabled: true }, ...props } });

  test.each<[string, string, Fixture]>([
    ["without the Gateway API", "ingressProfile.webAppRouting.enabled", routing()],
    [
      "with the Gateway API disabled",
      "ingressProfile.webAppRouting.enabled",
      routing({ gatewayAPI: { installation: "Disabled" } }),
    ],
    [
      "of the classic provider",
      "webAppRouting",
      classicCluster({ webAppRouting: { dnsZoneIds: [] } }),
    ],
  ])("questions application routing with NGINX %s", async (_, path, fixture) => {
    const [type] = fixture.type.split(":").slice(-1);
    expect(await messages(fixture)).toEqual([
      [
        "unjudged",
        `${type ?? ""} "orders": ${path} enables application routing, and ingressProfile.gatewayAPI.installation is not Standard. With the Istio add-on and without the Gateway API, the operator of application routing crashed and no longer updated Ingresses (https://github.com/Azure/AKS/issues/5914), and the preview does not show whether AKS has fixed this in your region. Set ingressProfile.gatewayAPI.installation to Standard.`,
      ],
    ]);
  });

  test.each<[string, Fixture]>([
    ["only the mesh", cluster({ kubernetesVersion: "1.36" })],
    ["disabled gateways", routed("Disabled")],
    [
      "disabled gateways on an Automatic cluster",
      routed("Disabled", { sku: AUTOMATIC, kubernetesVersion: "1.36" }),
    ],
    [
      "application routing with NGINX and the Gateway API",
      cluster({
        ingressProfile: {
          webAppRouting: { enabled: true },
          gatewayAPI: { installation: "Standard" },
        },
      }),
    ],
    [
      "disabled application routing",
      cluster({ ingressProfile: { webAppRouting: { enabled: false } } }),
    ],
    [
      "application routing without a mesh",
      cluster({
        ingressProfile: { webAppRouting: { enabled: true } },
        serviceMeshProfile: undefined,
      }),
    ],
    ["no mesh", routed("Enabled", { serviceMeshProfile: undefined })],
    ["a disabled mesh", routed("Enabled", { serviceMeshProfile: { mode: "Disabled" } })],
    [
      "an Automatic cluster without a mesh",
      cluster({ sku: AUTOMATIC, kubernetesVersion: "1.36", serviceMeshProfile: undefined }),
    ],
    ["the classic provider", classicCluster({ kubernetesVersion: "1.36" })],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    [MODE, routed(UNKNOWN)],
    ["ingressProfile", cluster({ ingressProfile: UNKNOWN })],
    ["sku", cluster({ sku: UNKNOWN })],
    ["kubernetesVersion", cluster({ sku: AUTOMATIC, kubernetesVersion: UNKNOWN })],
    ["serviceMeshProfile.mode", routed("Enabled", { serviceMeshProfile: { mode: UNKNOWN } })],
  ])("refuses an unknown %s", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "violation",
        `ManagedCluster "orders": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("accepts an unknown mode if application routing is off, or AKS chooses the version", async () => {
    const serviceMeshProfile = { mode: UNKNOWN };
    expect(await messages(routed("Disabled", { serviceMeshProfile }))).toEqual([]);
    expect(
      await messages(cluster({ serviceMeshProfile, sku: AUTOMATIC, kubernetesVersion: undefined })),
    ).toEqual([]);
  });
});
