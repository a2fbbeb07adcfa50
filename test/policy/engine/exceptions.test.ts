import { describe, expect, test } from "vitest";
import { exceptionsSchema } from "../../../policy/engine/exceptions.ts";
import { meshScope } from "../../../policy/engine/scope.ts";
import { aksMaintenanceWindows } from "../../../policy/rules/aks/aks-maintenance-windows.ts";
import { aksSlaTier } from "../../../policy/rules/aks/aks-sla-tier.ts";
import { meshPluginCaComplete } from "../../../policy/rules/mesh/mesh-plugin-ca-complete.ts";
import { hardened } from "../../support/aks.ts";
import { TODAY, UNKNOWN, cluster, urnOf } from "../../support/fixtures.ts";
import type { Fixture } from "../../support/fixtures.ts";
import { remediate, run } from "../../support/policy.ts";

const free = hardened({ sku: { tier: "Free" } });
const west = hardened({ sku: { tier: "Free" } }, "west");
const WRONG =
  "sku.tier is Free. This tier has no uptime SLA, and Microsoft recommends it only for clusters with fewer than ten nodes. Set it to Standard.";

const exception = (props: object = {}) => ({
  rule: "aks-sla-tier",
  resource: "*::orders",
  reason: "A cluster for trials.",
  until: TODAY,
  ...props,
});

const settings = (...exceptions: object[]) => ({ config: { "mesh-scope": { exceptions } } });

/** The reports about a stack with exceptions, as policy, level and text. */
async function said(stack: readonly Fixture[], ...exceptions: object[]) {
  const reports = await run([aksSlaTier, aksMaintenanceWindows], stack, settings(...exceptions));
  return reports
    .filter(({ policy }) => policy !== "aks-maintenance-windows")
    .map(({ policy, level, message }) => [policy, level, message]);
}

const violation = (name: string, text = WRONG) => [
  "aks-sla-tier",
  "violation",
  `ManagedCluster "${name}": ${text}`,
];
const note = (name: string, why: string) => [
  "aks-sla-tier",
  "excepted",
  `ManagedCluster "${name}": ${WRONG} ${why}`,
];
const unneeded = (index: number, { resource, until } = exception()) => [
  "mesh-exceptions",
  "violation",
  `exceptions[${index}] of mesh-scope allows ${resource} to violate aks-sla-tier until ${until}, but no resource that it matches violates the rule. Remove the exception.`,
];

describe("an exception", () => {
  test("turns a violation into advice that says so, up to its last day", async () => {
    expect(await said([free], exception())).toEqual([
      note("orders", `Excepted until ${TODAY}: A cluster for trials.`),
    ]);
  });

  test("does not apply after its last day, and the violation says so", async () => {
    expect(await said([free], exception({ until: "2026-11-23" }))).toEqual([
      violation("orders", `${WRONG} The exception ended on 2026-11-23: A cluster for trials.`),
    ]);
  });

  test("applies only to its resource and its rule", async () => {
    expect(await said([free, west], exception())).toEqual([
      note("orders", `Excepted until ${TODAY}: A cluster for trials.`),
      violation("west"),
    ]);
    expect(await said([free], exception({ rule: "aks-defender" }))).toEqual([
      violation("orders"),
      expect.arrayContaining(["mesh-exceptions"]),
    ]);
  });

  test.each([
    [urnOf(free), true],
    ["urn:pulumi:*::orders::azure-native:containerservice:ManagedCluster::orders", true],
    ["azure-native:containerservice:ManagedCluster::orders", true],
    ["azure-native:containerservice:*::ord*", true],
    ["*", true],
    ["*::order", false],
    ["*::rders", false],
    ["azure-native:containerservice:ManagedCluster::Orders", false],
    ["azure-native.containerservice:ManagedCluster::orders", false],
    ["urn:pulumi:dev::orders::*::order", false],
  ])("for %s: %s", async (resource, matches) => {
    const [first] = await said([free], exception({ resource }));
    expect(first?.[1]).toBe(matches ? "excepted" : "violation");
  });

  test("the one that applies longest is used if there are several", async () => {
    const ended = exception({ until: "2026-01-31", reason: "Once." });
    const longer = exception({ until: "2027-01-31", reason: "Longer." });
    for (const order of [
      [ended, longer],
      [longer, ended],
    ]) {
      const [first] = await said([free], ...order);
      expect(first).toEqual(note("orders", "Excepted until 2027-01-31: Longer."));
    }
  });

  test("applies to findings that only the whole stack shows", async () => {
    const reports = await run(
      aksMaintenanceWindows,
      [free],
      settings(exception({ rule: "aks-maintenance-windows" })),
    );
    expect(reports).toEqual([
      expect.objectContaining({
        policy: "aks-maintenance-windows",
        level: "excepted",
        when: "late",
        message: expect.stringMatching(/Excepted until .*: A cluster for trials\.$/) as string,
      }),
    ]);
  });

  test("also covers unjudged values, as long as it applies", async () => {
    const stack = [hardened({ sku: { tier: UNKNOWN } })];
    const unjudged = [
      "mesh-coverage",
      "unjudged",
      expect.stringContaining("sku.tier is known only once it is deployed.") as string,
    ];
    expect(await said(stack)).toEqual([unjudged]);
    expect(await said(stack, exception())).toEqual([]);
    expect(await said(stack, exception({ until: "2026-11-23" }))).toEqual([unjudged]);
  });

  test.each([
    ["*a*b*::orders", false],
    ["a*azure-native:containerservice:ManagedCluster::orders", false],
    ["azure*azure*::orders", false],
    ["*Cluster*::orders*", true],
    ["*::or*ers", true],
    ["*::ord*ders", false],
  ])("with several wildcards matches the parts in order: %s", async (resource, is) => {
    const [first] = await said([free], exception({ resource }));
    expect(first?.[1]).toBe(is ? "excepted" : "violation");
  });

  test("is matched quickly, regardless of its number of wildcards", async () => {
    const name = `${"a".repeat(120)}b`;
    const resource = `*::${"*a".repeat(30)}*c`;
    const began = Date.now();
    const [first] = await said(
      [hardened({ sku: { tier: "Free" } }, name)],
      exception({ resource }),
    );
    expect(first?.[1]).toBe("violation");
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test("is ignored if mesh-scope is disabled", async () => {
    const options = { ...settings(exception()), disabled: ["mesh-scope"] };
    expect((await run(aksSlaTier, [free], options)).map(({ level }) => level)).toEqual([
      "violation",
    ]);
  });
});

describe("an unused exception", () => {
  test("is reported, and used ones are not", async () => {
    const other = exception({ resource: "*::east" });
    expect(await said([free], exception(), other)).toEqual([
      note("orders", `Excepted until ${TODAY}: A cluster for trials.`),
      unneeded(1, other),
    ]);
    expect(await said([hardened()], exception())).toEqual([unneeded(0)]);
  });

  test("is also reported after its last day", async () => {
    const ended = exception({ until: "2026-01-31" });
    expect(await said([hardened()], ended)).toEqual([unneeded(0, ended)]);
  });

  test("is not reported in a stack other than the one in its URN", async () => {
    const of = (resource: string) => said([hardened()], exception({ resource }));
    expect(await of("urn:pulumi:prod::orders::*::orders")).toEqual([]);
    expect(await of("urn:pulumi:dev::shop::*::orders")).toEqual([]);
    expect(await of("urn:pulumi:dev::orders::*::orders")).toHaveLength(1);
    expect(await of("urn:pulumi:*::orders::*::orders")).toHaveLength(1);
  });
});

describe("remediation", () => {
  const plugged = cluster({
    serviceMeshProfile: {
      mode: "Istio",
      istio: { certificateAuthority: { plugin: { keyVaultId: "vault" } } },
    },
  });
  const mended = (...exceptions: object[]) =>
    remediate(meshPluginCaComplete, [hardened({}, "first"), plugged], settings(...exceptions));
  const leave = exception({ rule: "mesh-plugin-ca-complete" });

  test("skips an excepted resource until the exception ends", async () => {
    expect(await mended()).toHaveProperty("addonProfiles");
    expect(await mended(leave)).toBeUndefined();
    expect(await mended({ ...leave, until: "2026-11-23" })).toHaveProperty("addonProfiles");
    expect(await mended({ ...leave, resource: "*::first" })).toHaveProperty("addonProfiles");
  });
});

describe("the schema of exceptions", () => {
  const { items, ...list } = exceptionsSchema(["aks-sla-tier", "aks-defender"]);
  const item = typeof items === "object" && !Array.isArray(items) ? items : {};

  const field = (name: string) => {
    const schema = item.properties?.[name];
    return typeof schema === "object" ? schema : {};
  };

  test("lists no rules by default", () => {
    expect(JSON.stringify(meshScope.config.exceptions)).not.toContain("enum");
  });

  test("accepts a list without duplicates, empty by default", () => {
    expect(list).toMatchObject({ type: "array", uniqueItems: true, maxItems: 200, default: [] });
  });

  test("requires every field of an exception, and allows no others", () => {
    const names = ["rule", "resource", "reason", "until"];
    expect(item).toMatchObject({ type: "object", required: names, additionalProperties: false });
    expect(Object.keys(item.properties ?? {})).toEqual(names);
    for (const name of names) expect(field(name)).toMatchObject({ type: "string" });
  });

  test("lists the given rules", () => {
    expect(field("rule").enum).toEqual(["aks-sla-tier", "aks-defender"]);
  });

  test.each([
    ["resource", urnOf(free), true],
    ["resource", "azure-native:containerservice:ManagedCluster::legacy-*", true],
    ["resource", "*::orders", true],
    ["resource", "orders", false],
    ["resource", "::orders", false],
    ["resource", "*::", false],
    ["resource", "urn:pulumi:", false],
    ["reason", "A cluster for trials.", true],
    ["reason", "  ", false],
    ["reason", "", false],
    ["until", "2027-01-31", true],
    ["until", "2028-02-29", true],
    ["until", "2027-02-29", false],
    ["until", "", false],
    ["until", "2027-01-31T00:00:00Z", false],
  ])("accepts as %s %j: %s", (name, text, legal) => {
    expect(new RegExp(field(name).pattern ?? "^$").test(text)).toBe(legal);
  });

  test("limits a reason to the space in a report", () => {
    expect(field("reason").maxLength).toBe(500);
  });
});
