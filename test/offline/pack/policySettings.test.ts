import {
  AnalyzerInfo,
  EnforcementLevel,
  PolicyConfig,
  PolicyConfigSchema,
  PolicyInfo,
} from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPolicyConfig, resolvePolicySettings } from "../../../offline/pack/policySettings.ts";
import type { PolicyConfigFile } from "../../../offline/pack/policySettings.ts";
import { describedPack, levelOf, toMessage } from "../../../offline/pack/protocolPolicies.ts";
import type { Properties } from "../../../offline/plan/values.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch();
const file = (json: string) => join(write("policies", { "policies.json": json }), "policies.json");

const { ADVISORY, MANDATORY, DISABLED, REMEDIATE } = EnforcementLevel;

function policy(
  name: string,
  level: EnforcementLevel,
  schema?: Properties,
  required: string[] = [],
) {
  const info = new PolicyInfo().setName(name).setEnforcementlevel(level);
  if (schema !== undefined) {
    info.setConfigschema(
      new PolicyConfigSchema()
        .setProperties(Struct.fromJavaScript(schema))
        .setRequiredList(required),
    );
  }
  return info;
}

const SIZE_SCHEMA = {
  maxNodes: { type: "integer", minimum: 1, default: 2 },
  pools: { type: "array", items: { type: "string" }, default: [] },
  note: { type: "string" },
};
const pack = new AnalyzerInfo()
  .setName("house-rules")
  .setPoliciesList([policy("has-owner", ADVISORY), policy("cluster-size", MANDATORY, SIZE_SCHEMA)]);

function settings(config: PolicyConfigFile, info = pack) {
  return Object.fromEntries(resolvePolicySettings(describedPack(info), config));
}
const refused = (config: PolicyConfigFile, info = pack) =>
  usageErrorOf(() => resolvePolicySettings(describedPack(info), config));

describe("resolvePolicySettings", () => {
  test("without a file, uses the pack's levels and the schema's defaults", () => {
    expect(settings({})).toEqual({
      "has-owner": { level: "advisory", properties: {} },
      "cluster-size": { level: "mandatory", properties: { maxNodes: 2, pools: [] } },
    });
  });

  test("a file has priority, property by property", () => {
    expect(
      settings({
        "has-owner": { enforcementLevel: "disabled" },
        "cluster-size": { maxNodes: 5, note: "agreed" },
      }),
    ).toEqual({
      "has-owner": { level: "disabled", properties: {} },
      "cluster-size": {
        level: "mandatory",
        properties: { maxNodes: 5, pools: [], note: "agreed" },
      },
    });
  });

  test("all sets the levels of policies that are not set by name", () => {
    const all = settings({
      all: { enforcementLevel: "remediate" },
      "has-owner": { enforcementLevel: "disabled" },
      "cluster-size": { maxNodes: 5 },
    });
    expect(all["has-owner"]?.level).toBe("disabled");
    expect(all["cluster-size"]).toEqual({
      level: "remediate",
      properties: { maxNodes: 5, pools: [] },
    });
  });

  test("the pack's own configuration ranks between the file and the defaults", () => {
    const configured = pack.clone();
    configured
      .getInitialconfigMap()
      .set(
        "cluster-size",
        new PolicyConfig()
          .setEnforcementlevel(ADVISORY)
          .setProperties(Struct.fromJavaScript({ maxNodes: 7, note: "ours" })),
      );
    expect(settings({}, configured)["cluster-size"]).toEqual({
      level: "advisory",
      properties: { maxNodes: 7, pools: [], note: "ours" },
    });
    const file = {
      all: { enforcementLevel: "mandatory" as const },
      "cluster-size": { maxNodes: 9 },
    };
    expect(settings(file, configured)["cluster-size"]).toEqual({
      level: "mandatory",
      properties: { maxNodes: 9, pools: [], note: "ours" },
    });
  });

  test("an unknown policy is an error with a suggestion", async () => {
    expect(await refused({ "has-onwer": {}, tags: {} })).toBe(
      "policy configuration: pack house-rules has no policy has-onwer; did you mean has-owner?\n" +
        "policy configuration: pack house-rules has no policy tags.",
    );
  });

  test("all values that the schema rejects are reported at once", async () => {
    expect(await refused({ "cluster-size": { maxNodes: 0, pools: ["a", 1] }, nothing: {} })).toBe(
      "policy configuration: pack house-rules has no policy nothing.\n" +
        "policy configuration: cluster-size/maxNodes: must be >= 1\n" +
        "policy configuration: cluster-size/pools/1: must be string",
    );
  });

  test("an unknown setting is an error with a suggestion", async () => {
    const silent = pack.clone();
    silent.addPolicies(policy("silent", ADVISORY, {}));
    const config = {
      "cluster-size": { maxNode: 3, zones: 2, pools: ["a"] },
      silent: { depth: 1 },
      // It does not print what it reads.
      "has-owner": { tag: "team" },
    };
    expect(await refused(config, silent)).toBe(
      "policy configuration: cluster-size has no setting maxNode; did you mean maxNodes?\n" +
        "policy configuration: cluster-size has no setting zones.\n" +
        "policy configuration: silent has no setting depth.",
    );
  });

  test("suggests a value, and explains a pattern", async () => {
    const leave = {
      type: "object",
      additionalProperties: false,
      properties: {
        rule: { enum: ["has-owner", "cluster-size"] },
        until: { type: "string", pattern: "^\\d+$", description: "A number of days." },
        code: { type: "string", pattern: "^x" },
      },
    };
    const schema = { leaves: { type: "array", items: leave, default: [] } };
    const leaves = new AnalyzerInfo()
      .setName("leaves")
      .setPoliciesList([policy("scope", ADVISORY, schema)]);
    const at = "policy configuration: scope/leaves/0";
    expect(
      await refused(
        { scope: { leaves: [{ rule: "has-onwer", until: "soon", code: "y", untli: "1" }] } },
        leaves,
      ),
    ).toBe(
      [
        `${at}: has no property untli; did you mean until?`,
        `${at}/code: must match pattern "^x"`,
        `${at}/rule: "has-onwer" is not an allowed value; did you mean has-owner?`,
        `${at}/until: "soon" is not valid: A number of days.`,
      ].join("\n"),
    );
    expect(await refused({ scope: { leaves: [{ rule: "else", nonsense: 1 }] } }, leaves)).toBe(
      [
        `${at}: has no property nonsense`,
        `${at}/rule: "else" must be one of has-owner, cluster-size`,
      ].join("\n"),
    );
    expect(settings({ scope: { leaves: [{ rule: "has-owner", until: "3" }] } }, leaves)).toEqual({
      scope: { level: "advisory", properties: { leaves: [{ rule: "has-owner", until: "3" }] } },
    });
  });

  test("settings that the schema requires must be present", async () => {
    const strict = new AnalyzerInfo()
      .setName("strict")
      .setPoliciesList([policy("named", ADVISORY, { name: { type: "string" } }, ["name"])]);
    expect(await refused({}, strict)).toBe(
      "policy configuration: named: must have required property 'name'",
    );
    expect(settings({ named: { name: "n" } }, strict)["named"]?.properties).toEqual({ name: "n" });
  });

  test("an invalid schema is an error of the pack", async () => {
    const broken = new AnalyzerInfo().setPoliciesList([
      policy("broken", ADVISORY, { size: { type: "numbre", default: 1 } }),
    ]);
    expect(await refused({}, broken)).toMatch(
      /^policy broken: its configSchema is not a valid JSON schema: .*size\/type/,
    );
  });
});

describe("readPolicyConfig", () => {
  test("accepts levels, and objects with settings", () => {
    expect(
      readPolicyConfig(
        file('{"all":"mandatory","a":{"enforcementLevel":"disabled"},"b":{"list":[1,{"x":null}]}}'),
      ),
    ).toEqual({
      all: { enforcementLevel: "mandatory" },
      a: { enforcementLevel: "disabled" },
      b: { list: [1, { x: null }] },
    });
  });

  const LEVEL = "one of advisory, mandatory, disabled, remediate";

  test("every wrong entry is reported, with its value and the valid ones", async () => {
    const path = file(
      '{"a":"mandatry","b":{"enforcementLevel":"strict"},"c":3,"d":null,"e":[],"f":{"enforcementLevel":true}}',
    );
    const object = "or an object with enforcementLevel and the policy's own settings, but is";
    expect((await usageErrorOf(() => readPolicyConfig(path))).split("\n")).toEqual([
      `${path}: a is "mandatry", but must be ${LEVEL}. Did you mean mandatory?`,
      `${path}: b.enforcementLevel is "strict", but must be ${LEVEL}.`,
      `${path}: c must be ${LEVEL}, ${object} the number 3.`,
      `${path}: d must be ${LEVEL}, ${object} null.`,
      `${path}: e must be ${LEVEL}, ${object} a list.`,
      `${path}: f.enforcementLevel must be ${LEVEL}, but is the boolean true.`,
    ]);
  });

  test.each([
    ["[]", "a list"],
    ['"mandatory"', 'the string "mandatory"'],
    ["null", "null"],
  ])("%s is not a configuration", async (text, is) => {
    const path = file(text);
    expect(await usageErrorOf(() => readPolicyConfig(path))).toBe(
      `${path} must be an object with policy names as keys, but is ${is}.`,
    );
  });

  test("environments of Pulumi ESC cannot be opened", async () => {
    const path = file('{"environments":["shop/policies"],"all":"advisory"}');
    expect(await usageErrorOf(() => readPolicyConfig(path))).toBe(
      `${path}: environments of Pulumi ESC cannot be opened offline. Add their policy settings to the file.`,
    );
  });

  test.each(["", " \n"])("an empty file sets nothing: %j", (text) => {
    expect(readPolicyConfig(file(text))).toEqual({});
  });

  test.each(["{", "{'a': 1}"])("%j is not JSON", async (text) => {
    const path = file(text);
    expect(await usageErrorOf(() => readPolicyConfig(path))).toMatch(`${path} is not valid JSON: `);
  });

  test("a missing file is named", async () => {
    expect(await usageErrorOf(() => readPolicyConfig("/no/such.json"))).toBe(
      "/no/such.json cannot be read: ENOENT: no such file or directory, open '/no/such.json'",
    );
  });

  test("a byte order mark is ignored", () => {
    expect(readPolicyConfig(file('\uFEFF{"all":"advisory"}'))).toEqual({
      all: { enforcementLevel: "advisory" },
    });
  });
});

describe("levels", () => {
  test.each([
    [ADVISORY, "advisory"],
    [MANDATORY, "mandatory"],
    [DISABLED, "disabled"],
    [REMEDIATE, "remediate"],
  ] as const)("%d and %s convert into each other", (code, level) => {
    expect(levelOf(code)).toBe(level);
    const message = toMessage({ level, properties: { a: [1] } });
    expect(message.getEnforcementlevel()).toBe(code);
    expect(message.getProperties()?.toJavaScript()).toEqual({ a: [1] });
  });

  test("an unknown level counts as mandatory", () => {
    expect(levelOf(JSON.parse("77") as EnforcementLevel)).toBe("mandatory");
  });
});

describe("policy names", () => {
  const named = (...names: string[]) =>
    new AnalyzerInfo()
      .setName("house-rules")
      .setPoliciesList(names.map((name) => policy(name, MANDATORY)));

  test("are unique", async () => {
    expect(await refused({}, named("a", "b", "a", "a"))).toBe(
      "pack house-rules has several policies named a.",
    );
  });

  test("may equal properties that every object has", () => {
    expect(settings({}, named("constructor"))).toEqual({
      constructor: { level: "mandatory", properties: {} },
    });
  });
});

test("an error about one of many values lists the first ten", async () => {
  const words = Array.from({ length: 12 }, (_, index) => `word-${index}`);
  const of = (enumerated: string[]) =>
    new AnalyzerInfo()
      .setName("house-rules")
      .setPoliciesList([policy("a", MANDATORY, { size: { type: "string", enum: enumerated } })]);
  const ten = words.slice(0, 10).join(", ");
  expect(await refused({ a: { size: "else" } }, of(words.slice(0, 10)))).toBe(
    `policy configuration: a/size: "else" must be one of ${ten}`,
  );
  expect(await refused({ a: { size: "else" } }, of(words))).toBe(
    `policy configuration: a/size: "else" must be one of ${ten} and 2 more`,
  );
});
