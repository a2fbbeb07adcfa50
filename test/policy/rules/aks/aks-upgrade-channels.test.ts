import { describe, expect, test } from "vitest";
import { aksUpgradeChannels } from "../../../../policy/rules/aks/aks-upgrade-channels.ts";
import {
  CLASSIC,
  NATIVE,
  hardened,
  hardenedClassic,
  notKnown,
  said,
} from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";

const upgrades = (autoUpgradeProfile: unknown) => hardened({ autoUpgradeProfile });
const kubernetes = (is: string) => [
  "violation",
  `${NATIVE}: autoUpgradeProfile.upgradeChannel is ${is}, so AKS does not apply Kubernetes patches automatically. Set it to patch, stable or rapid.`,
];

describe("aks-upgrade-channels", () => {
  test.each(["patch", "stable", "rapid", "node-image"])("accepts %s", async (upgradeChannel) => {
    // AKS upgrades node images by default.
    expect(await said(aksUpgradeChannels, [upgrades({ upgradeChannel })])).toEqual([]);
    const classic = hardenedClassic({ automaticUpgradeChannel: upgradeChannel });
    expect(await said(aksUpgradeChannels, [classic])).toEqual([]);
  });

  test("accepts AKS Automatic, which always has them", async () => {
    const automatic = hardened({ sku: { name: "Automatic" }, autoUpgradeProfile: undefined });
    expect(await said(aksUpgradeChannels, [automatic])).toEqual([]);
  });

  test.each([
    [undefined, "not set"],
    [{ upgradeChannel: "none" }, "none"],
    [{ nodeOSUpgradeChannel: "SecurityPatch" }, "not set"],
  ])("reports Kubernetes without a channel: %j", async (profile, is) => {
    expect(await said(aksUpgradeChannels, [upgrades(profile)])).toEqual([kubernetes(is)]);
  });

  test.each(["None", "Unmanaged"])("reports nodes that AKS does not patch: %s", async (channel) => {
    const profile = { upgradeChannel: "patch", nodeOSUpgradeChannel: channel };
    expect(await said(aksUpgradeChannels, [upgrades(profile)])).toEqual([
      [
        "violation",
        `${NATIVE}: autoUpgradeProfile.nodeOSUpgradeChannel is ${channel}, so AKS neither installs security updates on nodes nor restarts nodes for them. Set it to NodeImage or SecurityPatch.`,
      ],
    ]);
  });

  test("reports the classic provider's cluster with its own names", async () => {
    const classic = hardenedClassic({
      automaticUpgradeChannel: undefined,
      nodeOsUpgradeChannel: "None",
    });
    expect(
      (await said(aksUpgradeChannels, [classic])).map(([, text]) => text.split(",")[0]),
    ).toEqual([
      `${CLASSIC}: automaticUpgradeChannel is not set`,
      `${CLASSIC}: nodeOsUpgradeChannel is None`,
    ]);
  });

  test.each([
    ["autoUpgradeProfile.upgradeChannel", { upgradeChannel: UNKNOWN }],
    [
      "autoUpgradeProfile.nodeOSUpgradeChannel",
      { upgradeChannel: "patch", nodeOSUpgradeChannel: UNKNOWN },
    ],
  ])("advises if %s is unknown", async (path, profile) => {
    expect(await said(aksUpgradeChannels, [upgrades(profile)])).toEqual([notKnown(NATIVE, path)]);
  });
});
