import { describe, expect, test } from "vitest";
import { meshPluginCaComplete } from "../../../../policy/rules/mesh/mesh-plugin-ca-complete.ts";
import { meshPluginCaRotation } from "../../../../policy/rules/mesh/mesh-plugin-ca-rotation.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [meshPluginCaComplete, meshPluginCaRotation];

const PATH = "serviceMeshProfile.istio.certificateAuthority.plugin";
const PLUGIN = {
  keyVaultId: UNKNOWN,
  rootCertObjectName: "root-cert",
  certObjectName: "ca-cert",
  keyObjectName: "ca-key",
  certChainObjectName: "cert-chain",
};
const READER = { enabled: true, config: { enableSecretRotation: "true" } };
const ADDONS = { azureKeyvaultSecretsProvider: READER };

function plugged(plugin: unknown, addonProfiles: unknown = ADDONS, mode: unknown = "Istio") {
  const istio = { revisions: ["asm-1-30"], certificateAuthority: { plugin } };
  return cluster({ serviceMeshProfile: { mode, istio }, addonProfiles });
}

function classic(certificateAuthority: unknown, props: Props = {}) {
  return classicCluster({
    serviceMeshProfile: { mode: "Istio", revisions: ["asm-1-30"], certificateAuthority },
    ...props,
  });
}

async function messages(fixture: Fixture) {
  return (await run(RULES, [fixture])).map(({ level, message }) => [level, message]);
}

describe("mesh-plugin-ca-complete", () => {
  test("accepts all five fields, while the vault does not exist yet", async () => {
    expect(await messages(plugged(PLUGIN))).toEqual([]);
    const allUnknown = Object.fromEntries(Object.keys(PLUGIN).map((field) => [field, UNKNOWN]));
    expect(await messages(plugged(allUnknown))).toEqual([]);
  });

  test.each(Object.keys(PLUGIN))("reports a missing %s", async (field) => {
    for (const value of [undefined, "", null]) {
      expect(await messages(plugged({ ...PLUGIN, [field]: value }))).toEqual([
        [
          "violation",
          `ManagedCluster "orders": ${PATH} lacks ${field}, but the mesh requires the vault and all four objects. Set it.`,
        ],
      ]);
    }
  });

  test("reports all missing fields at once", async () => {
    expect((await messages(plugged({}))).map(([, text]) => text)).toEqual([
      `ManagedCluster "orders": ${PATH} lacks ${Object.keys(PLUGIN).join(", ")}, but the mesh requires the vault and all four objects. Set them.`,
    ]);
  });

  test.each([
    [
      { azureKeyvaultSecretsProvider: { enabled: false } },
      "addonProfiles.azureKeyvaultSecretsProvider, which reads them, is off",
    ],
    [
      { azureKeyvaultSecretsProvider: {} },
      "addonProfiles.azureKeyvaultSecretsProvider, which reads them, is not set",
    ],
    [
      { azurepolicy: { enabled: true } },
      "addonProfiles.azureKeyvaultSecretsProvider, which reads them, is not set",
    ],
    [undefined, "addonProfiles.azureKeyvaultSecretsProvider, which reads them, is not set"],
  ])("reports a missing Key Vault add-on: %j", async (addonProfiles, said) => {
    const stack = { ...plugged(PLUGIN), props: { ...plugged(PLUGIN).props, addonProfiles } };
    expect(await messages(stack)).toEqual([
      [
        "violation",
        `ManagedCluster "orders": ${PATH} names certificates in Key Vault, but ${said}. Enable it.`,
      ],
    ]);
  });

  test.each([undefined, {}, { enableSecretRotation: "false" }])(
    "advises to enable secret rotation: %j",
    async (config) => {
      const addons = { azureKeyvaultSecretsProvider: { enabled: true, config } };
      expect(await messages(plugged(PLUGIN, addons))).toEqual([
        [
          "violation",
          'ManagedCluster "orders": addonProfiles.azureKeyvaultSecretsProvider does not rotate secrets, so the mesh does not pick up certificates that are renewed in Key Vault. Enable secret rotation.',
        ],
      ]);
    },
  );

  test("accepts the add-on's name in any case", async () => {
    expect(await messages(plugged(PLUGIN, { AzureKeyVaultSecretsProvider: READER }))).toEqual([]);
  });

  test("judges the classic provider's cluster with its own names", async () => {
    const keyVaultSecretsProvider = { secretRotationEnabled: true };
    expect(await messages(classic(PLUGIN, { keyVaultSecretsProvider }))).toEqual([]);
    expect((await messages(classic(PLUGIN))).map(([, text]) => text)).toEqual([
      'KubernetesCluster "orders": serviceMeshProfile.certificateAuthority names certificates in Key Vault, but keyVaultSecretsProvider, which reads them, is not set. Enable it.',
    ]);
    expect(
      (await messages(classic(PLUGIN, { keyVaultSecretsProvider: {} }))).map(([level]) => level),
    ).toEqual(["violation"]);
    expect(
      (await messages(classic({}, { keyVaultSecretsProvider }))).map(([, text]) => text),
    ).toEqual([expect.stringContaining("serviceMeshProfile.certificateAuthority lacks")]);
  });

  test.each<[string, Fixture]>([
    ["a self-signed CA", cluster({ addonProfiles: undefined })],
    ["no mesh", plugged({}, undefined, "Disabled")],
    ["possibly no mesh", plugged({}, undefined, UNKNOWN)],
    [
      "unknown rotation",
      plugged(PLUGIN, { azureKeyvaultSecretsProvider: { enabled: true, config: UNKNOWN } }),
    ],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    [PATH, plugged(UNKNOWN)],
    ["addonProfiles", plugged(PLUGIN, UNKNOWN)],
    [
      "addonProfiles.azureKeyvaultSecretsProvider.enabled",
      plugged(PLUGIN, { azureKeyvaultSecretsProvider: { enabled: UNKNOWN } }),
    ],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "unjudged",
        `ManagedCluster "orders": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("advises if the classic provider's add-on is unknown", async () => {
    expect(
      (await messages(classic(PLUGIN, { keyVaultSecretsProvider: UNKNOWN }))).map(
        ([level]) => level,
      ),
    ).toEqual(["unjudged"]);
  });

  describe("remediation", () => {
    async function mended(fixture: Fixture) {
      return (await remediate(RULES, [fixture]))?.["addonProfiles"];
    }

    test("enables the add-on unless it is set, permanently", async () => {
      const without = plugged(PLUGIN, { azurepolicy: { enabled: true } });
      const addonProfiles = await mended(without);
      expect(addonProfiles).toEqual({ azurepolicy: { enabled: true }, ...ADDONS });
      expect(await messages(plugged(PLUGIN, addonProfiles))).toEqual([]);
      expect(await mended(plugged(PLUGIN, addonProfiles))).toBeUndefined();
      expect(await mended(plugged(PLUGIN, null))).toEqual(ADDONS);
    });

    test.each<[string, Fixture]>([
      ["an explicit false", plugged(PLUGIN, { azureKeyvaultSecretsProvider: { enabled: false } })],
      ["a name in another case", plugged(PLUGIN, { AZUREKEYVAULTSECRETSPROVIDER: {} })],
      ["unknown add-ons", plugged(PLUGIN, UNKNOWN)],
      ["invalid add-ons", plugged(PLUGIN, ["azurepolicy"])],
      ["an unknown plugin", plugged(UNKNOWN, {})],
      ["no plugin", plugged(undefined, {})],
      ["no mesh", plugged(PLUGIN, {}, "Disabled")],
      ["the classic provider", classic(PLUGIN)],
    ])("changes nothing for %s", async (_, fixture) => {
      expect(await mended(fixture)).toBeUndefined();
    });
  });
});
