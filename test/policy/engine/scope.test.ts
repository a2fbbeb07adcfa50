import { describe, expect, test } from "vitest";
import { configuredCluster, meshScope, scopeFrom } from "../../../policy/engine/scope.ts";

describe("the day of a preview", () => {
  test("is the one in the configuration", () => {
    expect(scopeFrom({ today: "2027-09-30" }).today).toBe("2027-09-30");
  });

  test("is the current day if the configuration has none", () => {
    const before = new Date().toISOString().slice(0, 10);
    const { today } = scopeFrom({});
    // The pack keeps the day on which it was started.
    expect(today).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(today <= before).toBe(true);
    expect(Date.parse(before) - Date.parse(today)).toBeLessThanOrEqual(86_400_000);
    expect(scopeFrom({ today: "" }).today).toBe(today);
  });

  test("is not in the schema, which is the same on every day", () => {
    expect(meshScope.config.today.default).toBe("");
  });

  test.each([
    ["", true],
    ["2026-11-24", true],
    ["2026-12-31", true],
    ["2028-02-29", true],
    ["2026-02-29", false],
    ["2026-04-31", false],
    ["2026-13-01", false],
    ["2026-00-10", false],
    ["2026-11-32", false],
    ["2026-11-00", false],
    ["26-11-24", false],
    ["2026-11-24T00:00:00Z", false],
    ["tomorrow", false],
  ])("accepts %j: %s", (day, legal) => {
    expect(new RegExp(meshScope.config.today.pattern ?? "").test(day)).toBe(legal);
  });
});

describe("the namespaces of other stacks", () => {
  const { namespaces } = meshScope.config;

  test("are empty by default; an entry implies a cluster with the add-on", () => {
    expect(scopeFrom({}).namespaces).toEqual({});
    expect(configuredCluster(scopeFrom({}))).toBeUndefined();
    expect(configuredCluster(scopeFrom({ namespaces: { shop: "asm-1-30" } }))).toMatchObject({
      addon: true,
      revisions: undefined,
    });
  });

  test.each([
    ["asm-1-30", true],
    ["prod-stable", true],
    ["", false],
    ["-prod", false],
    ["prod_stable", false],
    ["Prod", false],
  ])("accept %j: %s", (label, legal) => {
    const { additionalProperties: schema } = namespaces;
    const pattern = typeof schema === "object" ? schema.pattern : undefined;
    expect(new RegExp(pattern ?? "^$").test(label)).toBe(legal);
  });
});
