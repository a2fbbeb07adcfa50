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
  "so the cluster uses the legacy integration with Entra ID, which is retired. Set it to true.";
const ROLES =
  "so permissions exist only in the cluster's role bindings, which access reviews in Entra ID do not cover. Set it to true.";

const violations = async (fixture: Fixture) =>
  (await said(aksEntraAzureRbac, [fixture])).map(([level, text]) => `${level} ${text}`);

describe("aks-entra-azure-rbac", () => {
  test.each<[string, Fixture]>([
    ["azure-native", hardened()],
    ["azure-native with explicit RBAC", hardened({ enableRBAC: true })],
    ["the classic provider", hardenedClassic()],
    [
      "AKS Automatic, which always has it",
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
        `violation ${NATIVE}: aadProfile is not set, so users sign in with certificates that the cluster issues. Set it, including aadProfile.enableAzureRBAC.`,
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
        `violation ${NATIVE}: enableRBAC is false, so everyone who signs in has full access. Set it to true; this replaces the cluster.`,
      ],
    ],
    [
      "the classic provider without Entra ID",
      hardenedClassic({ azureActiveDirectoryRoleBasedAccessControl: undefined }),
      [
        `violation ${CLASSIC}: azureActiveDirectoryRoleBasedAccessControl is not set, so users sign in with certificates that the cluster issues. Set it, including azureActiveDirectoryRoleBasedAccessControl.azureRbacEnabled.`,
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
  ])("advises if %s is unknown", async (path, props) => {
    expect(await said(aksEntraAzureRbac, [hardened(props)])).toEqual([notKnown(NATIVE, path)]);
  });
});
