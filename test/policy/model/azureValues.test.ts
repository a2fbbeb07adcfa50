import { describe, expect, test } from "vitest";
import { rules } from "../../../policy/rules.ts";
import { classicCluster, cluster, kubernetes, namespace } from "../../support/fixtures.ts";
import type { Fixture, Props } from "../../support/fixtures.ts";
import { run } from "../../support/policy.ts";

/** What every rule reports about a stack, by rule. */
async function found(...stack: Fixture[]) {
  return (await run(rules, stack)).map(
    ({ policy, level, message }) => [policy, level, message] as const,
  );
}

const MESH = { mode: "Istio", istio: { revisions: ["asm-1-30"] } };
const GATEWAY = { mode: "External", enabled: true };

const withMesh = (mesh: Props) => cluster({ serviceMeshProfile: { ...MESH, ...mesh } });
const withGateways = (...ingressGateways: unknown[]) =>
  withMesh({ istio: { ...MESH.istio, components: { ingressGateways } } });

describe("a value of the wrong type", () => {
  test.each<[string, Fixture, string]>([
    [
      "revisions as a string",
      withMesh({ istio: { revisions: "asm-1-29" } }),
      "serviceMeshProfile.istio.revisions must be a list, but is a string",
    ],
    [
      "revisions as an object",
      withMesh({ istio: { revisions: { 0: "asm-1-29" } } }),
      "serviceMeshProfile.istio.revisions must be a list, but is an object",
    ],
    [
      "a revision as an object",
      withMesh({ istio: { revisions: [{ revision: "asm-1-29" }] } }),
      "serviceMeshProfile.istio.revisions[0] must be a string, but is an object",
    ],
    [
      "the revisions of the classic provider as a string",
      classicCluster({ serviceMeshProfile: { mode: "Istio", revisions: "asm-1-29" } }),
      "serviceMeshProfile.revisions must be a list, but is a string",
    ],
    [
      "a profile as a string",
      cluster({ serviceMeshProfile: "Istio" }),
      "serviceMeshProfile must be an object, but is a string",
    ],
    [
      "a profile as a list",
      classicCluster({ serviceMeshProfile: [{ mode: "Istio" }] }),
      "serviceMeshProfile must be an object, but is a list",
    ],
    [
      "a mode as a list",
      cluster({ serviceMeshProfile: { mode: ["Istio"] } }),
      "serviceMeshProfile.mode must be a string, but is a list",
    ],
    [
      "gateways as an object",
      withMesh({ istio: { ...MESH.istio, components: { ingressGateways: GATEWAY } } }),
      "serviceMeshProfile.istio.components.ingressGateways must be a list, but is an object",
    ],
    [
      "a gateway as a string",
      withGateways("External"),
      "serviceMeshProfile.istio.components.ingressGateways[0] must be an object, but is a string",
    ],
    [
      "a switch that is yes",
      withGateways({ mode: "External", enabled: "yes" }),
      "serviceMeshProfile.istio.components.ingressGateways[0].enabled must be true or false, but is a string",
    ],
    [
      "a switch that is a number",
      withGateways({ mode: "External", enabled: 1 }),
      "serviceMeshProfile.istio.components.ingressGateways[0].enabled must be true or false, but is a number",
    ],
    [
      "add-ons as a list",
      cluster({ addonProfiles: ["openServiceMesh"] }),
      "addonProfiles must be an object, but is a list",
    ],
    [
      "openServiceMesh that is yes",
      cluster({
        serviceMeshProfile: undefined,
        addonProfiles: { openServiceMesh: { enabled: "yes" } },
      }),
      "addonProfiles.openServiceMesh.enabled must be true or false, but is a string",
    ],
    [
      "node pools as an object",
      cluster({ agentPoolProfiles: { name: "system", mode: "System" } }),
      "agentPoolProfiles must be a list, but is an object",
    ],
  ])("is reported: %s", async (_, fixture, expected) => {
    const said = (await found(fixture)).filter(([, , message]) => message.includes(expected));
    expect(said).not.toEqual([]);
    expect(said.every(([, , message]) => !message.includes("known only once"))).toBe(true);
  });

  test("is not quoted: it may be a misplaced secret", async () => {
    const messages = (await found(cluster({ serviceMeshProfile: "s3cret" }))).map(
      ([, , message]) => message,
    );
    expect(messages.filter((message) => message.includes("s3cret"))).toEqual([]);
  });

  test("counts as absent in a Kubernetes object, which the API server rejects", async () => {
    const orders = cluster();
    const odd = await found(orders, namespace(kubernetes(orders), "asm-1-30"));
    expect(odd.filter(([, , message]) => message.includes("must be"))).toEqual([]);
  });
});

describe("a flag as a string", () => {
  test.each(["True", "true", "TRUE"])("%j is on", async (enabled) => {
    const fixture = withGateways({ mode: "External", enabled });
    expect(await found(fixture)).toEqual(await found(withGateways(GATEWAY)));
  });

  test.each(["False", "false"])("%j is off", async (enabled) => {
    const off = { mode: "External", enabled: false };
    expect(await found(withGateways({ mode: "External", enabled }))).toEqual(
      await found(withGateways(off)),
    );
  });

  test("prevents two enabled external gateways", async () => {
    const both = withGateways(GATEWAY, { mode: "external", enabled: "True" });
    expect((await found(both)).map(([policy]) => policy)).toContain("mesh-ingress-gateway-modes");
  });
});

describe("an enumeration", () => {
  const judged = async (props: Props) =>
    (await found(cluster(props))).map(([policy, level]) => [policy, level]);

  test.each<[string, Props, Props]>([
    [
      "the mode of the mesh",
      { serviceMeshProfile: { ...MESH, mode: "istio" } },
      { serviceMeshProfile: MESH },
    ],
    ["the tier", { sku: { tier: "free" } }, { sku: { tier: "Free" } }],
    [
      "the name of the SKU",
      { sku: { name: "automatic" }, kubernetesVersion: "1.36" },
      { sku: { name: "Automatic" }, kubernetesVersion: "1.36" },
    ],
    [
      "the network plugin",
      { networkProfile: { networkPlugin: "NONE", networkPolicy: "none" } },
      { networkProfile: { networkPlugin: "none", networkPolicy: "none" } },
    ],
    [
      "the data plane",
      { networkProfile: { networkDataplane: "Cilium" } },
      { networkProfile: { networkDataplane: "cilium" } },
    ],
    [
      "the network policy engine",
      { networkProfile: { networkPolicy: "Calico" } },
      { networkProfile: { networkPolicy: "calico" } },
    ],
    [
      "the support plan",
      { supportPlan: "akslongtermsupport", kubernetesVersion: "1.30" },
      { supportPlan: "AKSLongTermSupport", kubernetesVersion: "1.30" },
    ],
    ["application routing", routing("enabled"), routing("Enabled")],
    [
      "the mode of a pool",
      { agentPoolProfiles: [{ name: "system", mode: "system", count: 1 }] },
      { agentPoolProfiles: [{ name: "system", mode: "System", count: 1 }] },
    ],
  ])("is case-insensitive: %s", async (_, written, meant) => {
    expect(await judged(written)).toEqual(await judged(meant));
  });
});

function routing(mode: string): Props {
  return {
    ingressProfile: {
      webAppRouting: { gatewayAPIImplementations: { appRoutingIstio: { mode } } },
    },
  };
}
