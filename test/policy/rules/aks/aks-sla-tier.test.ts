import { describe, expect, test } from "vitest";
import { aksSlaTier } from "../../../../policy/rules/aks/aks-sla-tier.ts";
import {
  CLASSIC,
  NATIVE,
  hardened,
  hardenedClassic,
  notKnown,
  said,
} from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";

describe("aks-sla-tier", () => {
  test.each(["Standard", "Premium", "Paid"])("accepts %s", async (tier) => {
    expect(await said(aksSlaTier, [hardened({ sku: { name: "Base", tier } })])).toEqual([]);
    expect(await said(aksSlaTier, [hardenedClassic({ skuTier: tier })])).toEqual([]);
  });

  test("accepts AKS Automatic, which is Standard", async () => {
    expect(await said(aksSlaTier, [hardened({ sku: { name: "Automatic" } })])).toEqual([]);
  });

  test.each([
    [undefined, "not set, which means Free"],
    [{ name: "Base" }, "not set, which means Free"],
    [{ name: "Base", tier: "Free" }, "Free"],
  ])("reports %j", async (sku, is) => {
    expect(await said(aksSlaTier, [hardened({ sku })])).toEqual([
      [
        "violation",
        `${NATIVE}: sku.tier is ${is}. This tier has no uptime SLA, and Microsoft recommends it only for clusters with fewer than ten nodes. Set it to Standard.`,
      ],
    ]);
  });

  test("reports the classic provider's cluster with its own property name", async () => {
    expect((await said(aksSlaTier, [hardenedClassic({ skuTier: "Free" })]))[0]?.[1]).toMatch(
      `${CLASSIC}: skuTier is Free. This tier has no uptime SLA`,
    );
  });

  test("advises if it is unknown", async () => {
    expect(await said(aksSlaTier, [hardened({ sku: { tier: UNKNOWN } })])).toEqual([
      notKnown(NATIVE, "sku.tier"),
    ]);
  });
});
