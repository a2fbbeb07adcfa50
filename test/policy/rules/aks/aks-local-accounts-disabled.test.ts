import { describe, expect, test } from "vitest";
import { aksLocalAccountsDisabled } from "../../../../policy/rules/aks/aks-local-accounts-disabled.ts";
import {
  CLASSIC,
  NATIVE,
  hardened,
  hardenedClassic,
  notKnown,
  said,
} from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";

const SO =
  "so anyone who can list the cluster's admin credentials has anonymous administrator access until the certificates expire or are rotated. Set it to true.";

describe("aks-local-accounts-disabled", () => {
  test.each([hardened(), hardenedClassic()])(
    "accepts a cluster without: $type",
    async (fixture) => {
      expect(await said(aksLocalAccountsDisabled, [fixture])).toEqual([]);
    },
  );

  test.each([
    [undefined, "not set"],
    [false, "false"],
    ["False", "false"],
  ])("reports disableLocalAccounts that is %j", async (disableLocalAccounts, is) => {
    expect(await said(aksLocalAccountsDisabled, [hardened({ disableLocalAccounts })])).toEqual([
      ["violation", `${NATIVE}: disableLocalAccounts is ${is}, ${SO}`],
    ]);
  });

  test("judges clusters with and without a mesh, and AKS Automatic", async () => {
    const disableLocalAccounts = false;
    for (const more of [{ serviceMeshProfile: undefined }, { sku: { name: "Automatic" } }]) {
      expect(
        await said(aksLocalAccountsDisabled, [hardened({ disableLocalAccounts, ...more })]),
      ).toHaveLength(1);
    }
  });

  test("reports the classic provider's cluster with its own property name", async () => {
    expect(
      await said(aksLocalAccountsDisabled, [hardenedClassic({ localAccountDisabled: false })]),
    ).toEqual([["violation", `${CLASSIC}: localAccountDisabled is false, ${SO}`]]);
  });

  test("advises if it is unknown", async () => {
    expect(
      await said(aksLocalAccountsDisabled, [hardened({ disableLocalAccounts: UNKNOWN })]),
    ).toEqual([notKnown(NATIVE, "disableLocalAccounts")]);
  });
});
