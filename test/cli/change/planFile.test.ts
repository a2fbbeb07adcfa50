import { describe, expect, test } from "vitest";
import { changeBetween, isEmpty } from "../../../cli/change/change.ts";
import { readPlan } from "../../../cli/change/planFile.ts";
import { sideOf } from "../../../cli/change/side.ts";
import { failureToJson, toJson } from "../../../cli/reports/json.ts";
import { judgementOf } from "../../../cli/reports/summary.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import { plan, policy, resource, stack, violation } from "../../support/plan.ts";
import { usageErrorOf } from "../../support/programs.ts";

const root = stack({ token: markSecret("hunter2"), id: UNKNOWN });
const full = resource({
  ...{ op: "import", type: "a:b:C", name: "full::name", id: "id-1", parent: root },
  provider: `urn:pulumi:dev::shop::pulumi:providers:a::blue::${UNKNOWN}`,
  inputs: { size: 0, none: null, empty: {}, key: markSecret("hunter2") },
  options: {
    protect: true,
    retainOnDelete: true,
    deleteBeforeReplace: true,
    deletedWith: "urn:2",
    ignoreChanges: ["tags"],
    replaceOnChanges: ["sku"],
    additionalSecretOutputs: ["key"],
    aliases: ["urn:3"],
    customTimeouts: { create: 1_200 },
  },
});
/** As the SDK registers most resources. */
const plain = resource({
  type: "a:b:E",
  name: "plain",
  parent: root,
  options: { customTimeouts: {} },
});
const coverage = policy({ name: "coverage", tags: ["not-judged"] });
const given = plan([root, full, plain], {
  contents: [resource({ type: "a:b:D", name: "inside", parent: full })],
  packs: [{ name: "house-rules", version: "1.0.0", policies: [policy(), coverage] }],
  violations: [
    violation({ urn: full.urn }),
    violation({ policy: "coverage", urn: full.urn, enforcementLevel: "advisory" }),
  ],
  notJudged: [{ what: "chart", reason: "It is in a registry.", fix: "Download it." }],
});

test("a written plan is the same plan, apart from its secrets", () => {
  const side = readPlan(JSON.parse(toJson(given)), "plan.json", "dev");
  expect([side.project, side.stack]).toEqual(["shop", "dev"]);
  expect(side.violations).toEqual([violation({ urn: full.urn })]);
  const now = sideOf(given, judgementOf(given, false));
  const change = changeBetween(side, now, given, String);
  expect(isEmpty(change)).toBe(true);
  expect(change.uncompared).toEqual([
    { urn: root.urn, path: ["token"] },
    { urn: full.urn, path: ["key"] },
  ]);
});

test("the plan of one of several stacks is the same plan", () => {
  const several = { stacks: { prod: {}, dev: JSON.parse(toJson(given)) as object } };
  expect(readPlan(several, "plans.json", "dev")).toEqual(
    readPlan(JSON.parse(toJson(given)), "plan.json", "dev"),
  );
});

describe("a file that is not a plan is refused", () => {
  const changed = (field: string, value: object) =>
    JSON.stringify({ ...(JSON.parse(toJson(given)) as object), [field]: value });
  test.each([
    [
      "[]",
      /^plan\.json is not a plan that aks-istio preview --json has written:\n {2}plan\.json: /,
    ],
    ['{"steps": []}', /\n {2}plan\.json: contents: .*\n {2}plan\.json: policyViolations: /],
    [
      failureToJson({ project: "shop", stack: "dev", problems: [] }),
      /steps: must have the resources of a plan; the preview that wrote it may have failed$/,
    ],
    [
      toJson(given).replaceAll(/"urn": ".*Stack::.*"/g, '"urn": "x"'),
      /steps\.0\.newState\.urn: must be the URN of a resource$/,
    ],
    [
      changed("policyViolations", [{ ...violation({}), urn: {} }]),
      /\n {2}plan\.json: policyViolations\.0\.urn: .*expected string/,
    ],
    [
      changed("notJudged", [{ reason: "", stops: false, place: "" }]),
      /\n {2}plan\.json: notJudged\.0\.place: /,
    ],
    [
      toJson(given).replace(/"size": 0/g, `"size": ${"[".repeat(10_000)}${"]".repeat(10_000)}`),
      /^plan\.json nests a value of urn:\S+::full::name more than 500 levels deep/,
    ],
    [
      JSON.stringify({ stacks: { prod: {}, test: {} } }),
      /^plan\.json has plans of the stacks prod, test, but none of dev\. /,
    ],
    [JSON.stringify({ stacks: { dev: {} } }), /\n {2}plan\.json: steps: /],
  ])("%#", async (text, message) => {
    expect(await usageErrorOf(() => readPlan(JSON.parse(text), "plan.json", "dev"))).toMatch(
      message,
    );
  });
});
