import { describe, expect, test } from "vitest";
import { aksNetworkPolicy } from "../../../../policy/rules/aks/aks-network-policy.ts";
import { CLASSIC, NATIVE, hardened, hardenedClassic, said } from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";

const network = (networkProfile: unknown) => hardened({ networkProfile });

describe("aks-network-policy", () => {
  test.each(["azure", "calico", "cilium"])("accepts %s", async (networkPolicy) => {
    expect(await said(aksNetworkPolicy, [network({ networkPolicy })])).toEqual([]);
    expect(
      await said(aksNetworkPolicy, [hardenedClassic({ networkProfile: { networkPolicy } })]),
    ).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["Cilium's dataplane", network({ networkDataplane: "cilium" })],
    ["a network of one's own", network({ networkPlugin: "none" })],
    [
      "AKS Automatic, which has it",
      hardened({ sku: { name: "Automatic" }, networkProfile: undefined }),
    ],
    [
      "the classic provider's dataplane",
      hardenedClassic({ networkProfile: { networkDataPlane: "cilium" } }),
    ],
  ])("accepts %s", async (_, fixture) => {
    expect(await said(aksNetworkPolicy, [fixture])).toEqual([]);
  });

  test.each([
    [undefined, "not set"],
    [{ networkPlugin: "azure" }, "not set"],
    [{ networkPolicy: "none" }, "none"],
    [{ networkPolicy: "none", networkDataplane: "cilium" }, "none"],
    [{ networkPolicy: "Calio" }, "Calio"],
  ])("reports a network %j", async (profile, is) => {
    expect(await said(aksNetworkPolicy, [network(profile)])).toEqual([
      [
        "violation",
        `${NATIVE}: networkProfile.networkPolicy is ${is}, so that nothing enforces a NetworkPolicy and every pod reaches every other. Set it to azure, calico, cilium: cilium for a new cluster.`,
      ],
    ]);
  });

  test("reports the classic provider's cluster", async () => {
    expect(
      (await said(aksNetworkPolicy, [hardenedClassic({ networkProfile: undefined })]))[0]?.[1],
    ).toContain(`${CLASSIC}: networkProfile.networkPolicy is not set`);
  });

  test.each([UNKNOWN, { networkPolicy: UNKNOWN }, { networkDataplane: UNKNOWN }])(
    "says nothing where it is unknown: %j",
    async (profile) => {
      expect(await said(aksNetworkPolicy, [network(profile)])).toEqual([]);
    },
  );
});
