import { describe, expect, test } from "vitest";
import { aksNetworkPolicy } from "../../../../policy/rules/aks/aks-network-policy.ts";
import { CLASSIC, NATIVE, hardened, hardenedClassic, said } from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";

const network = (networkProfile: unknown) => hardened({ networkProfile });

const ANY_ENGINE =
  "Set it to cilium together with networkProfile.networkDataplane, or to azure or calico.";

describe("aks-network-policy", () => {
  test.each(["azure", "calico", "cilium"])("accepts %s", async (networkPolicy) => {
    expect(await said(aksNetworkPolicy, [network({ networkPolicy })])).toEqual([]);
    expect(
      await said(aksNetworkPolicy, [hardenedClassic({ networkProfile: { networkPolicy } })]),
    ).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["Cilium's dataplane", network({ networkDataplane: "cilium" })],
    ["a custom network", network({ networkPlugin: "none" })],
    [
      "AKS Automatic, which always has it",
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
    [undefined, "not set", ANY_ENGINE],
    [{ networkPlugin: "azure" }, "not set", ANY_ENGINE],
    [{ networkPolicy: "none" }, "none", ANY_ENGINE],
    [{ networkPolicy: "none", networkDataplane: "cilium" }, "none", "Set it to cilium."],
    [{ networkPolicy: "Calio" }, "Calio", ANY_ENGINE],
  ])("reports a network %j", async (profile, is, fix) => {
    expect(await said(aksNetworkPolicy, [network(profile)])).toEqual([
      [
        "violation",
        `${NATIVE}: networkProfile.networkPolicy is ${is}, so nothing enforces NetworkPolicy objects and every pod can reach every other pod. ${fix}`,
      ],
    ]);
  });

  test("reports the classic provider's cluster", async () => {
    expect(
      (await said(aksNetworkPolicy, [hardenedClassic({ networkProfile: undefined })]))[0]?.[1],
    ).toContain(`${CLASSIC}: networkProfile.networkPolicy is not set`);
  });

  test.each([UNKNOWN, { networkPolicy: UNKNOWN }, { networkDataplane: UNKNOWN }])(
    "reports nothing if it is unknown: %j",
    async (profile) => {
      expect(await said(aksNetworkPolicy, [network(profile)])).toEqual([]);
    },
  );
});
