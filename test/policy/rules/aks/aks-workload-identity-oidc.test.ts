import { describe, expect, test } from "vitest";
import { aksWorkloadIdentityOidc } from "../../../../policy/rules/aks/aks-workload-identity-oidc.ts";
import { CLASSIC, NATIVE, hardened, hardenedClassic, said } from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";

const ISSUER =
  "so Entra ID cannot verify the cluster's service accounts, and workloads need secrets to access Azure. Set it to true.";
const TOKENS = "so pods do not get tokens to sign in to Azure. Set it to true.";
const identity = (enabled: unknown) => ({ securityProfile: { workloadIdentity: { enabled } } });

describe("aks-workload-identity-oidc", () => {
  test.each<[string, Fixture]>([
    ["azure-native", hardened()],
    ["the classic provider", hardenedClassic()],
    [
      "AKS Automatic, which always has both",
      hardened({
        sku: { name: "Automatic" },
        oidcIssuerProfile: undefined,
        securityProfile: undefined,
      }),
    ],
  ])("accepts %s", async (_, fixture) => {
    expect(await said(aksWorkloadIdentityOidc, [fixture])).toEqual([]);
  });

  test("reports each one that is off", async () => {
    const neither = hardened({ oidcIssuerProfile: undefined, ...identity(false) });
    expect(await said(aksWorkloadIdentityOidc, [neither])).toEqual([
      ["violation", `${NATIVE}: oidcIssuerProfile.enabled is not set, ${ISSUER}`],
      ["violation", `${NATIVE}: securityProfile.workloadIdentity.enabled is false, ${TOKENS}`],
    ]);
    expect(await said(aksWorkloadIdentityOidc, [hardened(identity(undefined))])).toHaveLength(1);
    expect(
      await said(aksWorkloadIdentityOidc, [
        hardenedClassic({ oidcIssuerEnabled: false, workloadIdentityEnabled: false }),
      ]),
    ).toEqual([
      ["violation", `${CLASSIC}: oidcIssuerEnabled is false, ${ISSUER}`],
      ["violation", `${CLASSIC}: workloadIdentityEnabled is false, ${TOKENS}`],
    ]);
  });

  test.each([{ oidcIssuerProfile: UNKNOWN }, { securityProfile: UNKNOWN }, identity(UNKNOWN)])(
    "reports nothing if one is unknown: %j",
    async (props) => {
      expect(await said(aksWorkloadIdentityOidc, [hardened(props)])).toEqual([]);
    },
  );
});
