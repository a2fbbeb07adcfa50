import { describe, expect, test } from "vitest";
import { osmAddonMigration } from "../../../../policy/rules/mesh/osm-addon-migration.ts";
import { osmAddonRetired } from "../../../../policy/rules/mesh/osm-addon-retired.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [osmAddonRetired, osmAddonMigration];

function osm(enabled: unknown, props: Props = {}): Fixture {
  return cluster({
    serviceMeshProfile: undefined,
    addonProfiles: { openServiceMesh: { enabled } },
    ...props,
  });
}

function extension(extensionType: unknown): Fixture {
  return {
    type: "azure-native:kubernetesconfiguration:Extension",
    name: "osm",
    props: { extensionType },
  };
}

async function messages(fixture: Fixture, today = "2026-11-24", refuseFrom?: string) {
  const config = {
    "mesh-scope": { today },
    ...(refuseFrom !== undefined && {
      "osm-addon-retired": { refuseFrom },
      "osm-addon-migration": { refuseFrom },
    }),
  };
  return (await run(RULES, [fixture], { config })).map(({ level, message }) => [level, message]);
}

describe("osm-addon-retired", () => {
  test("advises against it until its support ends", async () => {
    expect(await messages(osm(true), "2027-09-29")).toEqual([
      [
        "violation",
        'ManagedCluster "orders": addonProfiles.openServiceMesh.enabled is true, and osm-addon-retired refuses Open Service Mesh from 2027-09-30 on. Plan the move to the Istio add-on.',
      ],
    ]);
  });

  test("refuses it from that day on", async () => {
    expect(await messages(osm(true), "2027-09-30")).toEqual([
      [
        "violation",
        'ManagedCluster "orders": addonProfiles.openServiceMesh.enabled is true, but Open Service Mesh must not be used from 2027-09-30 on. Move to the Istio add-on.',
      ],
    ]);
  });

  test("refuses it from the configured day on", async () => {
    const on = async (today: string) =>
      (await messages(osm(true), today, "2026-12-01")).map(([, text]) => text);
    expect(await on("2026-11-30")).toEqual([expect.stringContaining("from 2026-12-01 on")]);
    expect(await on("2026-12-01")).toEqual([
      expect.stringContaining("must not be used from 2026-12-01 on"),
    ]);
  });

  test.each([
    ["2027-09-30", true],
    ["2027-13-01", false],
    ["2027-09-32", false],
    ["", false],
  ])("accepts %j as a day: %s", (day, legal) => {
    const { pattern, default: otherwise } = osmAddonRetired.config["refuseFrom"] ?? {};
    expect(new RegExp(pattern ?? "").test(day)).toBe(legal);
    expect(otherwise).toBe("2027-09-30");
  });

  test("judges the classic provider's flag, and the extension of Azure Arc", async () => {
    const classic = (openServiceMeshEnabled: boolean) =>
      classicCluster({ serviceMeshProfile: undefined, openServiceMeshEnabled });
    expect((await messages(classic(true))).map(([, text]) => text)).toEqual([
      expect.stringContaining('KubernetesCluster "orders": openServiceMeshEnabled is true'),
    ]);
    expect(await messages(classic(false))).toEqual([]);
    expect(
      (await messages(extension("Microsoft.OpenServiceMesh"))).map(([, text]) => text),
    ).toEqual([
      expect.stringContaining('Extension "osm": extensionType is Microsoft.OpenServiceMesh'),
    ]);
  });

  test.each([
    "azure-native:kubernetesconfiguration/v20241101:Extension",
    "azure-native_kubernetesconfiguration_v20250401:kubernetesconfiguration:Extension",
    "azure:containerservice/kubernetesClusterExtension:KubernetesClusterExtension",
    "azure:arckubernetes/clusterExtension:ClusterExtension",
  ])("accepts the token %s", async (type) => {
    expect(await messages({ ...extension("microsoft.openservicemesh"), type })).toHaveLength(1);
  });

  test.each<[string, Fixture]>([
    ["disabled", osm(false)],
    ["not set", osm(true, { addonProfiles: undefined })],
    ["another extension", extension("microsoft.flux")],
    ["an extension with an unknown type", extension(UNKNOWN)],
    ["an extension without a type", extension(undefined)],
    [
      "both meshes, which mesh-osm-conflict reports",
      osm(true, { serviceMeshProfile: { mode: "Istio" } }),
    ],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture, "2030-01-01")).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["addonProfiles", osm(true, { addonProfiles: UNKNOWN })],
    ["addonProfiles.openServiceMesh.enabled", osm(UNKNOWN)],
  ])("advises if %s is unknown, on any day", async (path, fixture) => {
    expect(await messages(fixture, "2030-01-01")).toEqual([
      [
        "unjudged",
        `ManagedCluster "orders": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
