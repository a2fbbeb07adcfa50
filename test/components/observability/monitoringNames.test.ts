import { describe, expect, test } from "vitest";
import { collectionName, grafanaName } from "../../../components/observability/monitoringNames.ts";

const GROUP = "/subscriptions/6f1c0b7e-3c55-4f0e-9a53-0f4c7c1f2a11/resourceGroups/mesh-group1234";

function clusterId(name: string): string {
  return `${GROUP}/providers/Microsoft.ContainerService/managedClusters/${name}`;
}

describe("a resource that collects data from a cluster", () => {
  test.each([
    ["MSProm", "MSProm-westeurope-mesh5678"],
    ["MSCI", "MSCI-westeurope-mesh5678"],
  ] as const)("is named after it: %s", (prefix, name) => {
    expect(collectionName(prefix, "westeurope", clusterId("mesh5678"))).toBe(name);
  });

  const fits = "c".repeat(44 - "MSProm-westeurope-".length);
  test.each([
    [fits, `MSProm-westeurope-${fits}`],
    [`${fits}c`, `MSProm-westeurope-${fits}`],
    [`${fits.slice(1)}-c`, `MSProm-westeurope-${fits.slice(1)}`],
    [`${fits.slice(2)}--c`, `MSProm-westeurope-${fits.slice(2)}`],
  ])("has 44 characters at most and no hyphen at the end: %s", (cluster, name) => {
    expect(collectionName("MSProm", "westeurope", clusterId(cluster))).toBe(name);
  });
});

describe("Grafana", () => {
  test("has a name that Azure accepts", () => {
    expect(grafanaName(GROUP)).toMatch(/^[a-zA-Z][a-zA-Z0-9-]{0,21}[a-zA-Z0-9]$/);
  });

  test("keeps its name, which differs from that of any other group", () => {
    expect(grafanaName(GROUP)).toBe("grafana-6db5a35a794b");
    expect(grafanaName(GROUP.toLowerCase())).toBe(grafanaName(GROUP));
    expect(grafanaName(`${GROUP}5`)).not.toBe(grafanaName(GROUP));
  });
});
