import { describe, expect, test } from "vitest";
import { aksApiRestricted } from "../../../../policy/rules/aks/aks-api-restricted.ts";
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

const access = (apiServerAccessProfile: unknown) => hardened({ apiServerAccessProfile });
const open = (is: string) =>
  `${NATIVE}: apiServerAccessProfile.authorizedIPRanges is ${is} and apiServerAccessProfile.enablePrivateCluster is not true, so the API server accepts connections from the whole internet. List the address ranges that need access, or make the cluster private.`;

describe("aks-api-restricted", () => {
  test.each<[string, Fixture]>([
    ["ranges", hardened()],
    ["an unknown range", access({ authorizedIPRanges: [UNKNOWN] })],
    ["a private cluster", access({ enablePrivateCluster: true })],
    [
      "a private cluster, regardless of its ranges",
      access({ enablePrivateCluster: true, authorizedIPRanges: UNKNOWN }),
    ],
    [
      "ranges of a possibly private cluster",
      access({ enablePrivateCluster: UNKNOWN, authorizedIPRanges: ["203.0.113.7"] }),
    ],
    ["the classic provider's ranges", hardenedClassic()],
    [
      "the classic provider's private cluster",
      hardenedClassic({ apiServerAccessProfile: undefined, privateClusterEnabled: true }),
    ],
  ])("accepts %s", async (_, fixture) => {
    expect(await said(aksApiRestricted, [fixture])).toEqual([]);
  });

  test.each([
    [undefined, "not set"],
    [{ enablePrivateCluster: false }, "not set"],
    [{ authorizedIPRanges: [] }, "empty"],
    [{ enableVnetIntegration: true }, "not set"],
  ])("reports access %j", async (profile, is) => {
    expect(await said(aksApiRestricted, [access(profile)])).toEqual([["violation", open(is)]]);
  });

  test.each(["0.0.0.0/0", "::/0"])(
    "reports a range that includes every address: %s",
    async (range) => {
      expect(
        await said(aksApiRestricted, [access({ authorizedIPRanges: ["203.0.113.0/24", range] })]),
      ).toEqual([
        [
          "violation",
          `${NATIVE}: apiServerAccessProfile.authorizedIPRanges[1] is ${range}, which covers every address. List only the ranges that need access to the API server.`,
        ],
      ]);
      expect(
        await said(aksApiRestricted, [access({ authorizedIPRanges: ["10.0.0.0/10"] })]),
      ).toEqual([]);
    },
  );

  test("reports the classic provider's cluster with its own names", async () => {
    expect(
      await said(aksApiRestricted, [hardenedClassic({ apiServerAccessProfile: undefined })]),
    ).toEqual([
      [
        "violation",
        `${CLASSIC}: apiServerAccessProfile.authorizedIpRanges is not set and privateClusterEnabled is not true, so the API server accepts connections from the whole internet. List the address ranges that need access, or make the cluster private.`,
      ],
    ]);
  });

  test.each([
    ["apiServerAccessProfile.authorizedIPRanges", { authorizedIPRanges: UNKNOWN }],
    ["apiServerAccessProfile.enablePrivateCluster", { enablePrivateCluster: UNKNOWN }],
    ["apiServerAccessProfile", UNKNOWN],
  ])("advises if %s is unknown", async (path, profile) => {
    expect(await said(aksApiRestricted, [access(profile)])).toEqual([notKnown(NATIVE, path)]);
  });
});
