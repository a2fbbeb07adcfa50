import { describe, expect, test } from "vitest";
import { aksStableApiVersion } from "../../../../policy/rules/aks/aks-stable-api-version.ts";
import { classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

async function messages(fixture: Fixture, today = "2026-11-24") {
  const reports = await run(aksStableApiVersion, [fixture], {
    config: { "mesh-scope": { today } },
  });
  return reports.map(({ level, message }) => [level, message]);
}

const typed = (type: string): Fixture => ({ ...cluster(), type });

describe("aks-stable-api-version", () => {
  test.each([
    ["the default version", cluster()],
    [
      "a stable version of the SDK",
      typed("azure-native:containerservice/v20250901:ManagedCluster"),
    ],
    [
      "a local package of a stable version",
      typed("azure-native_containerservice_v20260501:containerservice:ManagedCluster"),
    ],
    ["the classic provider", classicCluster()],
    [
      "a preview version of another service",
      typed("azure-native:network/v20251002preview:VirtualNetwork"),
    ],
    ["Fleet Manager", typed("azure-native:containerservice/v20250401preview:FleetMember")],
  ])("accepts %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each([
    [
      "azure-native:containerservice/v20251002preview:ManagedCluster",
      "2026-10-01",
      "2025-10-02-preview of the AKS API, which AKS retires around 2026-10-02, a year after its release: every request then fails.",
    ],
    [
      "azure-native:containerservice/v20251002preview:ManagedCluster",
      "2026-10-02",
      "2025-10-02-preview of the AKS API, which is at least a year old, the age at which AKS retires preview versions: every request may fail.",
    ],
    [
      "azure-native_containerservice_v20260502preview:containerservice:ManagedCluster",
      "2026-11-24",
      "2026-05-02-preview of the AKS API, which AKS retires around 2027-05-02, a year after its release: every request then fails.",
    ],
    [
      "azure-native:containerservice/v20240902preview:AgentPool",
      "2026-11-24",
      "2024-09-02-preview of the AKS API, which AKS retired on 2026-07-01: every request fails.",
    ],
    [
      "azure-native:containerservice/v20240902preview:ManagedCluster",
      "2026-06-30",
      "2024-09-02-preview of the AKS API, which AKS retires on 2026-07-01: every request then fails.",
    ],
  ])("reports %s on %s", async (type, today, message) => {
    const kind = type.slice(type.lastIndexOf(":") + 1);
    expect(await messages(typed(type), today)).toEqual([
      [
        "violation",
        `${kind} "orders": its type ${type} uses version ${message} Use a stable version, with an alias for the old type.`,
      ],
    ]);
  });
});
