import { describe, expect, test } from "vitest";
import { meshOsmConflict } from "../../../../policy/rules/mesh/mesh-osm-conflict.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const OSM = { openServiceMesh: { enabled: true } };
const CONFLICT = {
  policy: "mesh-osm-conflict",
  resource: "orders",
  level: "violation",
  when: "early",
  message:
    'ManagedCluster "orders": serviceMeshProfile.mode is Istio while addonProfiles.openServiceMesh.enabled is true. Set addonProfiles.openServiceMesh.enabled to false first. Set serviceMeshProfile.mode to Istio once the traffic policies have moved.',
};

function unknownAt(path: string) {
  return {
    ...CONFLICT,
    message: `ManagedCluster "orders": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
  };
}

describe("mesh-osm-conflict", () => {
  test("reports a cluster with both add-ons, once", async () => {
    expect(await run(meshOsmConflict, [cluster({ addonProfiles: OSM })])).toEqual([CONFLICT]);
  });

  test.each([
    ["only the Istio add-on", cluster()],
    ["only Open Service Mesh", cluster({ serviceMeshProfile: undefined, addonProfiles: OSM })],
    ["Istio disabled", cluster({ serviceMeshProfile: { mode: "Disabled" }, addonProfiles: OSM })],
    ["Open Service Mesh off", cluster({ addonProfiles: { openServiceMesh: { enabled: false } } })],
    ["other add-ons", cluster({ addonProfiles: { azurepolicy: { enabled: true } } })],
    ["neither", cluster({ serviceMeshProfile: undefined })],
    ["an invalid mesh profile", cluster({ serviceMeshProfile: null, addonProfiles: OSM })],
  ])("ignores: %s", async (_, fixture) => {
    expect(await run(meshOsmConflict, [fixture])).toEqual([]);
  });

  test("accepts the add-on's name in any case", async () => {
    const [report] = await run(meshOsmConflict, [
      cluster({ addonProfiles: { OpenServiceMesh: { enabled: true } } }),
    ]);
    expect(report?.message).toContain("addonProfiles.OpenServiceMesh.enabled is true");
  });

  test("reports the classic provider's cluster with its own names", async () => {
    const [report] = await run(meshOsmConflict, [classicCluster({ openServiceMeshEnabled: true })]);
    expect(report?.message).toContain(
      'KubernetesCluster "orders": serviceMeshProfile.mode is Istio while openServiceMeshEnabled is true.',
    );
    expect(await run(meshOsmConflict, [classicCluster()])).toEqual([]);
  });

  test.each([
    ["azure-native:containerservice/v20250901:ManagedCluster"],
    ["azure-native:containerservice/v20251002preview:ManagedCluster"],
    ["azure-native_containerservice_v20260501:containerservice:ManagedCluster"],
    ["azure-native_containerservice_v20260502preview:containerservice:ManagedCluster"],
  ])("accepts the token %s", async (type) => {
    expect(await run(meshOsmConflict, [{ ...cluster({ addonProfiles: OSM }), type }])).toEqual([
      CONFLICT,
    ]);
  });

  test.each([
    ["azure-native:containerservice:AgentPool"],
    ["azure-native:servicefabric:ManagedCluster"],
    ["azure-native:containerservice:ManagedClusterSnapshot"],
  ])("does not apply to %s", async (type) => {
    expect(await run(meshOsmConflict, [{ ...cluster({ addonProfiles: OSM }), type }])).toEqual([]);
  });

  describe("an undeclared add-on", () => {
    const declared = cluster();

    test("is reported if the program omits Open Service Mesh and AKS keeps it on", async () => {
      const outputs = { ...declared.props, addonProfiles: OSM };
      expect(await run(meshOsmConflict, [{ ...declared, outputs }])).toEqual([
        { ...CONFLICT, when: "late" },
      ]);
    });

    test("is accepted if Open Service Mesh is off", async () => {
      const addonProfiles = { openServiceMesh: { enabled: false } };
      const outputs = { ...declared.props, addonProfiles };
      expect(await run(meshOsmConflict, [{ ...declared, outputs }])).toEqual([]);
    });

    test("is accepted if the program disables it", async () => {
      const off = cluster({ addonProfiles: { openServiceMesh: { enabled: false } } });
      const outputs = { ...off.props, addonProfiles: OSM };
      expect(await run(meshOsmConflict, [{ ...off, outputs }])).toEqual([]);
    });

    test("is not assumed in unknown outputs", async () => {
      const outputs = { ...declared.props, addonProfiles: UNKNOWN };
      expect(await run(meshOsmConflict, [{ ...declared, outputs }])).toEqual([]);
    });

    test("is accepted on a cluster that the program only reads", async () => {
      expect(
        await run(meshOsmConflict, [{ ...cluster({ addonProfiles: OSM }), read: true }]),
      ).toEqual([]);
    });
  });

  describe("unknown values", () => {
    test.each([
      ["serviceMeshProfile", cluster({ serviceMeshProfile: UNKNOWN, addonProfiles: OSM })],
      [
        "serviceMeshProfile.mode",
        cluster({ serviceMeshProfile: { mode: UNKNOWN }, addonProfiles: OSM }),
      ],
      ["addonProfiles", cluster({ addonProfiles: UNKNOWN })],
      ["addonProfiles.openServiceMesh", cluster({ addonProfiles: { openServiceMesh: UNKNOWN } })],
      [
        "addonProfiles.openServiceMesh.enabled",
        cluster({ addonProfiles: { openServiceMesh: { enabled: UNKNOWN } } }),
      ],
    ])("refuses an unknown %s", async (path, fixture) => {
      expect(await run(meshOsmConflict, [fixture])).toEqual([unknownAt(path)]);
    });

    test.each([
      ["with unknown add-ons", cluster({ serviceMeshProfile: undefined, addonProfiles: UNKNOWN })],
      ["with another unknown add-on", cluster({ addonProfiles: { azurepolicy: UNKNOWN } })],
      ["with an unknown version", cluster({ kubernetesVersion: UNKNOWN })],
    ])("accepts a cluster %s", async (_, fixture) => {
      expect(await run(meshOsmConflict, [fixture])).toEqual([]);
    });
  });
});
