import { describe, expect, test } from "vitest";
import { aksEntraAzureRbac } from "../../../../policy/rules/aks/aks-entra-azure-rbac.ts";
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

const MANAGED =
  "so that AKS does not look after the integration with Entra ID, and the way without that is retired. Set it to true.";
const ROLES =
  "so that rights are only in role bindings of the cluster, where no review of access sees them. Set it to true.";

const violations = async (fixture: Fixture) =>
  (await said(aksEntraAzureRbac, [fixture])).map(([level, text]) => `${level} ${text}`);

describe("aks-entra-azure-rbac", () => {
  test.each<[string, Fixture]>([
    ["azure-native", hardened()],
    ["azure-native with RBAC said", hardened({ enableRBAC: true })],
    ["the classic provider", hardenedClassic()],
    [
      "AKS Automatic, which has it",
      hardened({ sku: { name: "Automatic" }, aadProfile: undefined }),
    ],
  ])("accepts %s", async (_, fixture) => {
    expect(await violations(fixture)).toEqual([]);
  });

  test.each<[string, Fixture, readonly string[]]>([
    [
      "no Entra ID",
      hardened({ aadProfile: undefined }),
      [
        `violation ${NATIVE}: aadProfile is not set, so that everybody signs in with a certificate that the cluster made. Set it, with aadProfile.enableAzureRBAC.`,
      ],
    ],
    [
      "neither managed nor Azure RBAC",
      hardened({ aadProfile: { enableAzureRBAC: false } }),
      [
        `violation ${NATIVE}: aadProfile.managed is not set, ${MANAGED}`,
        `violation ${NATIVE}: aadProfile.enableAzureRBAC is false, ${ROLES}`,
      ],
    ],
    [
      "no RBAC at all",
      hardened({ enableRBAC: false }),
      [
        `violation ${NATIVE}: enableRBAC is false, so that whoever signs in may do everything. Set it to true; AKS makes a new cluster for that.`,
      ],
    ],
    [
      "the classic provider without Entra ID",
      hardenedClassic({ azureActiveDirectoryRoleBasedAccessControl: undefined }),
      [
        `violation ${CLASSIC}: azureActiveDirectoryRoleBasedAccessControl is not set, so that everybody signs in with a certificate that the cluster made. Set it, with azureActiveDirectoryRoleBasedAccessControl.azureRbacEnabled.`,
      ],
    ],
    [
      "the classic provider without Azure RBAC",
      hardenedClassic({ azureActiveDirectoryRoleBasedAccessControl: {} }),
      [
        `violation ${CLASSIC}: azureActiveDirectoryRoleBasedAccessControl.azureRbacEnabled is not set, ${ROLES}`,
      ],
    ],
  ])("reports %s", async (_, fixture, expected) => {
    expect(await violations(fixture)).toEqual(expected);
  });

  test.each([
    ["enableRBAC", { enableRBAC: UNKNOWN }],
    ["aadProfile", { aadProfile: UNKNOWN }],
    ["aadProfile.managed", { aadProfile: { managed: UNKNOWN, enableAzureRBAC: true } }],
    ["aadProfile.enableAzureRBAC", { aadProfile: { managed: true, enableAzureRBAC: UNKNOWN } }],
  ])("advises where %s is unknown", async (path, props) => {
    expect(await said(aksEntraAzureRbac, [hardened(props)])).toEqual([notKnown(NATIVE, path)]);
  });
});
