import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../policy/rules.ts";
import { ADVISORY, Analyzer, DISABLED, MANDATORY, REMEDIATE } from "../support/analyzer.ts";
import type { PolicyConfig } from "../support/analyzer.ts";
import { hardened } from "../support/aks.ts";
import { aksIstio } from "../support/command.ts";
import { cluster, kubernetes, namespace, urnOf } from "../support/fixtures.ts";
import type { Fixture } from "../support/fixtures.ts";
import { program, scratch } from "../support/programs.ts";

/** A rule on single resources, one that waits for the whole stack, and one that remediates. */
const JUDGES = ["mesh-osm-conflict", "aks-maintenance-windows", "ns-no-legacy-injection-label"];

const osm = cluster({ addonProfiles: { openServiceMesh: { enabled: true } } });
const mesh = cluster();
const provider = kubernetes(mesh);
const legacy = namespace(provider, { "istio-injection": "enabled" }, "legacy");

let pack: Analyzer;

beforeAll(async () => {
  pack = await Analyzer.start();
});

afterAll(() => {
  pack.stop();
});

const exception = (rule: string, resource: string, until = "2026-11-24") => ({
  rule,
  resource,
  until,
  reason: "Agreed.",
});

/** What the pack reports about a stack, as policy, level, and the resource that a stack policy names. */
async function said(stack: readonly Fixture[], exceptions: object[], more: PolicyConfig = {}) {
  await pack.configure({
    ...Object.fromEntries(rules.map(({ name }) => [name, { level: DISABLED }])),
    ...Object.fromEntries(JUDGES.map((name) => [name, { level: MANDATORY }])),
    "mesh-scope": { properties: { exceptions } },
    ...more,
  });
  return (await pack.preview(stack)).map(({ policy, level, message, urn }) => ({
    policy,
    level,
    why: / (Excepted until|The exception ended on) .*/s.exec(message)?.[0].trim(),
    ...(urn !== undefined && { urn }),
  }));
}

const windows = { policy: "aks-maintenance-windows", urn: urnOf(osm) };

describe("the real pack with exceptions", () => {
  test("reports violations without any", async () => {
    expect(await said([osm], [])).toEqual([
      { policy: "mesh-osm-conflict", level: MANDATORY, why: undefined },
      { ...windows, level: MANDATORY, why: undefined },
    ]);
  });

  test("reports exceptions below the level of a mandatory policy, immediately and with the stack", async () => {
    const exceptions = [
      exception("mesh-osm-conflict", "*::orders"),
      exception("aks-maintenance-windows", urnOf(osm)),
    ];
    expect(await said([osm], exceptions)).toEqual([
      { policy: "mesh-osm-conflict", level: ADVISORY, why: "Excepted until 2026-11-24: Agreed." },
      { ...windows, level: ADVISORY, why: "Excepted until 2026-11-24: Agreed." },
    ]);
  });

  test("stops for one that has ended", async () => {
    const exceptions = [
      exception("mesh-osm-conflict", "*::orders", "2026-11-23"),
      exception("aks-maintenance-windows", "*::orders", "2026-11-23"),
    ];
    const why = "The exception ended on 2026-11-23: Agreed.";
    expect(await said([osm], exceptions)).toEqual([
      { policy: "mesh-osm-conflict", level: MANDATORY, why },
      { ...windows, level: MANDATORY, why },
    ]);
  });

  test("advises to remove unused ones, in each run, and stops for them if that is mandatory", async () => {
    const exceptions = [
      exception("mesh-osm-conflict", "*::orders"),
      exception("aks-maintenance-windows", "*::orders"),
    ];
    const strict: PolicyConfig = { "mesh-exceptions": { level: MANDATORY } };
    const no = { policy: "mesh-exceptions", level: MANDATORY, why: undefined };
    for (const [fixture, unneeded] of [
      [osm, 0],
      [hardened(), 1],
      [osm, 0],
    ] as const) {
      const reports = await said([fixture], exceptions, strict);
      expect(reports.filter(({ policy }) => policy === "mesh-exceptions")).toEqual(
        Array.from({ length: unneeded }, () => no),
      );
    }
  });

  test("remediates no excepted resource", async () => {
    const level: PolicyConfig = { "ns-no-legacy-injection-label": { level: REMEDIATE } };
    const leave = exception("ns-no-legacy-injection-label", "*::legacy");
    const about = async (...exceptions: object[]) =>
      (await said([mesh, provider, legacy], exceptions, level)).filter(
        ({ policy }) => policy === leave.rule,
      );
    expect(await about()).toEqual([]);
    expect(await about(leave)).toEqual([
      { policy: leave.rule, level: ADVISORY, why: "Excepted until 2026-11-24: Agreed." },
    ]);
    expect(await about({ ...leave, until: "2026-11-23" })).toEqual([]);
  });
});

describe("a preview", () => {
  const write = scratch({ packages: false });
  const preview = (name: string, ...exceptions: object[]) => {
    const config = { "mesh-scope": { exceptions, today: "2026-11-24" } };
    const file = join(write(name, { "policies.json": JSON.stringify(config) }), "policies.json");
    return aksIstio([
      "preview",
      program("careless-aks"),
      "--details",
      "--policy-pack-config",
      file,
    ]);
  };

  test.concurrent("shows exceptions, and continues", async () => {
    const { code, stdout } = await preview("leave", {
      ...exception("aks-pool-version-skew", "azure-native:containerservice:AgentPool::apps"),
      reason: "The cluster follows on Monday.",
    });
    expect(code).toBe(0);
    expect(stdout).toContain(
      "Raise the cluster's kubernetesVersion first. Excepted until 2026-11-24: The cluster follows on Monday.\n",
    );
    expect(stdout).toMatch(/: 0 mandatory and 21 advisory violations$/m);
  });

  test.concurrent(
    "with an invalid configuration reports every mistake, and judges nothing",
    async () => {
      const { code, stdout, stderr } = await preview(
        "wrong",
        { ...exception("aks-defendr", "legacy", "2026-02-30"), reason: " " },
        { rule: "aks-defender", resource: "*::apps", reason: 3, until: "2026-12-31", who: "us" },
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      const at = "policy configuration: mesh-scope/exceptions";
      expect(stderr.split("\n").filter((line) => line.startsWith("policy"))).toEqual([
        `${at}/0/reason: " " is not valid: Why the resource may violate the rule.`,
        `${at}/0/resource: "legacy" is not valid: A URN, or a type token and a name such as azure-native:containerservice:ManagedCluster::legacy-*.`,
        `${at}/0/rule: "aks-defendr" is not an allowed value; did you mean aks-defender?`,
        `${at}/0/until: "2026-02-30" is not valid: The last day on which the exception applies, such as 2027-01-31.`,
        `${at}/1: has no property who`,
        `${at}/1/reason: must be string`,
      ]);
    },
  );
});

test("the pack's schema lists its rules, so a mistake is found before the run", () => {
  const [scope] = pack.info.getPoliciesList();
  expect(scope?.getConfigschema()?.getProperties()?.toJavaScript()["exceptions"]).toMatchObject({
    items: {
      required: ["rule", "resource", "reason", "until"],
      additionalProperties: false,
      properties: { rule: { enum: [...rules.map(({ name }) => name), "mesh-coverage"] } },
    },
  });
});
