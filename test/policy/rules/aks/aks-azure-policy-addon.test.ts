import { describe, expect, test } from "vitest";
import { aksAzurePolicyAddon } from "../../../../policy/rules/aks/aks-azure-policy-addon.ts";
import {
  CLASSIC,
  NATIVE,
  hardened,
  hardenedClassic,
  notKnown,
  said,
} from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";

const SO = "so your organization's policies do not apply inside the cluster. Set it to true.";

describe("aks-azure-policy-addon", () => {
  test.each<[string, Fixture]>([
    ["the add-on", hardened()],
    ["the add-on in another case", hardened({ addonProfiles: { azurePolicy: { enabled: true } } })],
    ["the classic provider's", hardenedClassic()],
    [
      "AKS Automatic, which always has it",
      hardened({ sku: { name: "Automatic" }, addonProfiles: {} }),
    ],
  ])("accepts %s", async (_, fixture) => {
    expect(await said(aksAzurePolicyAddon, [fixture])).toEqual([]);
  });

  test.each([
    [undefined, "addonProfiles.azurepolicy.enabled is not set"],
    [{}, "addonProfiles.azurepolicy.enabled is not set"],
    [{ azurepolicy: { enabled: false } }, "addonProfiles.azurepolicy.enabled is false"],
    [{ azurePolicy: { enabled: false } }, "addonProfiles.azurePolicy.enabled is false"],
  ])("reports add-ons %j", async (addonProfiles, is) => {
    expect(await said(aksAzurePolicyAddon, [hardened({ addonProfiles })])).toEqual([
      ["violation", `${NATIVE}: ${is}, ${SO}`],
    ]);
  });

  test("reports the classic provider's cluster with its own property name", async () => {
    expect(
      await said(aksAzurePolicyAddon, [hardenedClassic({ azurePolicyEnabled: undefined })]),
    ).toEqual([["violation", `${CLASSIC}: azurePolicyEnabled is not set, ${SO}`]]);
  });

  test.each([
    ["addonProfiles", UNKNOWN],
    ["addonProfiles.azurepolicy.enabled", { azurepolicy: { enabled: UNKNOWN } }],
  ])("advises if %s is unknown", async (path, addonProfiles) => {
    expect(await said(aksAzurePolicyAddon, [hardened({ addonProfiles })])).toEqual([
      notKnown(NATIVE, path),
    ]);
  });
});
