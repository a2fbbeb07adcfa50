import { describe, expect, test } from "vitest";
import { aksRunCommandDisabled } from "../../../../policy/rules/aks/aks-run-command-disabled.ts";
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
  "so anyone with the Azure permission for it can run commands in the cluster from any network. Set it to";
const access = (apiServerAccessProfile: unknown) => hardened({ apiServerAccessProfile });

describe("aks-run-command-disabled", () => {
  test.each([hardened(), hardenedClassic()])(
    "accepts a cluster without: $type",
    async (fixture) => {
      expect(await said(aksRunCommandDisabled, [fixture])).toEqual([]);
    },
  );

  test.each([
    [undefined, "not set"],
    [{ disableRunCommand: false }, "false"],
  ])("reports access %j", async (profile, is) => {
    expect(await said(aksRunCommandDisabled, [access(profile)])).toEqual([
      ["violation", `${NATIVE}: apiServerAccessProfile.disableRunCommand is ${is}, ${SO} true.`],
    ]);
  });

  test.each([
    [undefined, "not set"],
    [true, "true"],
  ])("reports the classic provider's that is %j", async (runCommandEnabled, is) => {
    expect(await said(aksRunCommandDisabled, [hardenedClassic({ runCommandEnabled })])).toEqual([
      ["violation", `${CLASSIC}: runCommandEnabled is ${is}, ${SO} false.`],
    ]);
  });

  test("advises if it is unknown", async () => {
    expect(await said(aksRunCommandDisabled, [access({ disableRunCommand: UNKNOWN })])).toEqual([
      notKnown(NATIVE, "apiServerAccessProfile.disableRunCommand"),
    ]);
  });
});
