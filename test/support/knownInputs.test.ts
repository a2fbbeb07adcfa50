import { expect, test } from "vitest";
import { MeshCluster } from "../../components/cluster/MeshCluster.ts";
import { AZURE, CLUSTER_ARGS } from "./azure.ts";
import { unknownInputs } from "./knownInputs.ts";
import { mockEngine } from "./mocks.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";

function unknownOf(inputs: Readonly<Record<string, unknown>>, type = CLUSTER): string[] {
  return unknownInputs([{ type, name: "mesh", inputs }]);
}

test("fields of newer ARM versions that the provider would drop are found", () => {
  expect(
    unknownOf({
      location: "westeurope",
      serviceMeshProfile: {
        mode: "Istio",
        istio: { components: { proxyRedirectionMechanism: "CNIChaining", ingressGateways: [] } },
      },
      ingressProfile: { gatewayAPI: { installation: "Standard" } },
    }),
  ).toEqual([
    `${CLUSTER}::mesh.serviceMeshProfile.istio.components.proxyRedirectionMechanism`,
    `${CLUSTER}::mesh.ingressProfile.gatewayAPI`,
  ]);
});

test("as well as keys in lists, in maps by name and in secrets, and maps in place of strings", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: { istio: { revision: "asm-1-30" } },
  };
  expect(
    unknownOf({
      agentPoolProfiles: [{ name: "system" }, { name: "apps", vmsize: "Standard_D4ds_v5" }],
      addonProfiles: { azurepolicy: { enabled: true, configuration: {} } },
      serviceMeshProfile: secret,
      kubernetesVersion: { minor: "1.35" },
      tags: ["none"],
    }),
  ).toEqual([
    `${CLUSTER}::mesh.agentPoolProfiles[1].vmsize`,
    `${CLUSTER}::mesh.addonProfiles.azurepolicy.configuration`,
    `${CLUSTER}::mesh.serviceMeshProfile.istio.revision`,
    `${CLUSTER}::mesh.kubernetesVersion`,
    `${CLUSTER}::mesh.tags`,
  ]);
});

test("a value without a type may contain anything, and a missing type is an error", () => {
  const properties = { properties: { anything: { goes: [1] } } };
  expect(unknownOf(properties, "azure-native:resources:Resource")).toEqual([]);
  expect(() => unknownOf({}, "azure-native:containerservice:Cluster")).toThrow(
    "azure-native has no containerservice:Cluster.",
  );
  expect(() => unknownOf({}, "azure-native:containerservice/v20260201:ManagedCluster")).toThrow(
    "azure-native has no containerservice/v20260201:ManagedCluster.",
  );
  expect(unknownOf({ wholly: "other" }, "kubernetes:core/v1:Namespace")).toEqual([]);
});

test("a whole cluster sends only fields that its API version knows", async () => {
  const engine = await mockEngine(AZURE);
  new MeshCluster("mesh", CLUSTER_ARGS);
  await engine.settle();
  expect(unknownInputs(engine.registered)).toEqual([]);
});
