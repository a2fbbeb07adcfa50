import { describe, expect, test } from "vitest";
import { aksDefender } from "../../../../policy/rules/aks/aks-defender.ts";
import { CLASSIC, NATIVE, hardened, hardenedClassic, said } from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";

const monitoring = (enabled: unknown) =>
  hardened({ securityProfile: { defender: { securityMonitoring: { enabled } } } });

describe("aks-defender", () => {
  test.each([hardened(), hardenedClassic()])("accepts the sensor: $type", async (fixture) => {
    expect(await said(aksDefender, [fixture])).toEqual([]);
  });

  test.each([
    [undefined, "not set"],
    [false, "false"],
  ])("reports a sensor that is %j", async (enabled, is) => {
    expect(await said(aksDefender, [monitoring(enabled)])).toEqual([
      [
        "violation",
        `${NATIVE}: securityProfile.defender.securityMonitoring.enabled is ${is}, so attacks on running containers go undetected. Set it to true.`,
      ],
    ]);
  });

  test("reports the classic provider's cluster with its own property name", async () => {
    expect(await said(aksDefender, [hardenedClassic({ microsoftDefender: undefined })])).toEqual([
      [
        "violation",
        `${CLASSIC}: microsoftDefender is not set, so attacks on running containers go undetected. Set it, with the ID of a Log Analytics workspace.`,
      ],
    ]);
  });

  test.each([
    hardened({ securityProfile: UNKNOWN }),
    hardenedClassic({ microsoftDefender: UNKNOWN }),
  ])("reports nothing if it is unknown: $type", async (fixture) => {
    expect(await said(aksDefender, [fixture])).toEqual([]);
  });
});
