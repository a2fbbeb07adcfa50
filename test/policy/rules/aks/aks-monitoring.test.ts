import { describe, expect, test } from "vitest";
import { aksMonitoring } from "../../../../policy/rules/aks/aks-monitoring.ts";
import {
  AUDIT,
  CLASSIC,
  NATIVE,
  diagnostics,
  hardened,
  hardenedClassic,
  notKnown,
  said,
} from "../../../support/aks.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";

const lost = (categories: string) => [
  "violation",
  `${NATIVE}: no DiagnosticSetting in the stack collects ${categories}, so there is no record of who did what in the cluster. Add one that does.`,
];
const on = (category: string) => ({ category, enabled: true });

describe("aks-monitoring", () => {
  test.each<[string, Fixture]>([
    ["the categories", AUDIT],
    ["everything required", diagnostics([on("kube-audit"), on("guard")])],
    ["a group of categories", diagnostics([{ categoryGroup: "audit", enabled: true }])],
    ["all logs", diagnostics([{ categoryGroup: "allLogs", enabled: true }])],
    [
      "an older token",
      { ...AUDIT, type: "azure-native:insights/v20210501preview:DiagnosticSetting" },
    ],
    [
      "the classic provider's",
      {
        type: "azure:monitoring/diagnosticSetting:DiagnosticSetting",
        name: "audit",
        props: {
          targetResourceId: UNKNOWN,
          enabledLogs: [{ category: "kube-audit-admin" }, { category: "guard" }],
        },
      },
    ],
  ])("accepts %s", async (_, setting) => {
    expect(await said(aksMonitoring, [hardened(), setting])).toEqual([]);
    expect(await said(aksMonitoring, [hardenedClassic(), setting])).toEqual([]);
  });

  test("accepts categories of several settings", async () => {
    const settings = ["kube-audit-admin", "guard"].map((category) => ({
      ...diagnostics([on(category)]),
      name: category,
    }));
    expect(await said(aksMonitoring, [hardened(), ...settings])).toEqual([]);
  });

  describe("metrics", () => {
    test.each([
      [undefined, "not set"],
      [{ metrics: { enabled: false } }, "false"],
    ])("reports %j", async (azureMonitorProfile, is) => {
      expect(await said(aksMonitoring, [hardened({ azureMonitorProfile }), AUDIT])).toEqual([
        [
          "violation",
          `${NATIVE}: azureMonitorProfile.metrics.enabled is ${is}, so nothing collects metrics of the cluster and its mesh. Set it to true.`,
        ],
      ]);
    });

    test("reports the classic provider's cluster with its own name", async () => {
      expect(
        await said(aksMonitoring, [hardenedClassic({ monitorMetrics: undefined }), AUDIT]),
      ).toEqual([
        [
          "violation",
          `${CLASSIC}: monitorMetrics is not set, so nothing collects metrics of the cluster and its mesh. Set it.`,
        ],
      ]);
    });
  });

  describe("audit logs", () => {
    test.each<[string, Fixture[], string]>([
      ["no setting", [], "kube-audit-admin and guard"],
      ["one category", [diagnostics([on("guard"), on("kube-scheduler")])], "kube-audit-admin"],
      [
        "one that is off",
        [diagnostics([on("kube-audit"), { category: "guard", enabled: false }])],
        "guard",
      ],
      [
        "a setting of another cluster",
        [
          diagnostics(AUDIT.props["logs"], {
            resourceUri:
              "/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/west",
          }),
        ],
        "kube-audit-admin and guard",
      ],
      [
        "a setting of a vault",
        [
          diagnostics([{ categoryGroup: "allLogs", enabled: true }], {
            resourceUri:
              "/subscriptions/s/resourceGroups/r/providers/Microsoft.KeyVault/vaults/orders",
          }),
        ],
        "kube-audit-admin and guard",
      ],
    ])("reports %s", async (_, settings, categories) => {
      expect(await said(aksMonitoring, [hardened(), ...settings])).toEqual([lost(categories)]);
    });

    test("recognizes its cluster by ID", async () => {
      const resourceUri =
        "/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/orders";
      expect(
        await said(aksMonitoring, [hardened(), diagnostics(AUDIT.props["logs"], { resourceUri })]),
      ).toEqual([]);
    });

    test.each<[string, number]>([
      ["Microsoft.ContainerService/managedClusters/orders-3f2a", 0],
      ["microsoft.containerservice/managedclusters/orders-3f2a", 0],
      ["Microsoft.KeyVault/vaults/orders-3f2a", 1],
      ["Microsoft.ContainerService/managedClusters/orders-3f2a/agentPools/apps", 1],
    ])("may belong to a cluster whose name Pulumi generates: %s", async (id, count) => {
      const resourceUri = `/subscriptions/s/resourceGroups/r/providers/${id}`;
      const unnamed = hardened({ resourceName: undefined });
      expect(
        await said(aksMonitoring, [unnamed, diagnostics(AUDIT.props["logs"], { resourceUri })]),
      ).toHaveLength(count);
    });

    test("may be configured elsewhere", async () => {
      const options = { config: { "aks-monitoring": { auditLogsElsewhere: true } } };
      expect(await said(aksMonitoring, [hardened()], options)).toEqual([]);
    });
  });

  test("advises if something is unknown", async () => {
    expect(await said(aksMonitoring, [hardened({ azureMonitorProfile: UNKNOWN }), AUDIT])).toEqual([
      notKnown(NATIVE, "azureMonitorProfile"),
    ]);
    for (const [path, logs] of [
      ["logs", UNKNOWN],
      ["logs[0].category", [{ category: UNKNOWN, enabled: true }]],
      ["logs[0].enabled", [{ category: "guard", enabled: UNKNOWN }]],
    ] as const) {
      expect(await said(aksMonitoring, [hardened(), diagnostics(logs)])).toEqual([
        notKnown(NATIVE, `${path} of DiagnosticSetting "audit"`),
      ]);
    }
  });
});
