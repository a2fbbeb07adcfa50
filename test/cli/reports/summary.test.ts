import { describe, expect, test } from "vitest";
import { counts, stackOutputs, violationsByPolicy, whereIs } from "../../../cli/reports/summary.ts";
import { plan, resource, stack, violation } from "../../support/plan.ts";

const group = resource({
  type: "azure-native:resources:ResourceGroup",
  name: "hub",
  sourcePosition: "project:///deep/index.ts#12,3",
});

test("counts are by operation, and by what a violation entails", () => {
  const read = resource({ op: "read", type: "a:b:C", name: "a" });
  const violations = [
    violation(),
    violation({ enforcementLevel: "advisory" }),
    violation({ enforcementLevel: "advisory" }),
  ];
  expect(counts(plan([read, stack(), group], { violations }))).toEqual({
    operations: [
      ["create", 2],
      ["read", 1],
    ],
    mandatory: 1,
    advisory: 2,
  });
});

test("the stack's outputs are the program's", () => {
  expect(stackOutputs(plan([group, stack({ a: 1 })]))).toEqual({ a: 1 });
  expect(stackOutputs(plan([]))).toEqual({});
});

describe("whereIs", () => {
  const here = plan([group, resource({ type: "my:index:Site", name: "site" })]);

  test.each([
    [group.urn, "ResourceGroup hub (deep/index.ts:12)"],
    ["urn:pulumi:dev::shop::my:index:Site::site", "Site site"],
    ["urn:pulumi:dev::shop::my:index:Site::not::planned", "not::planned"],
    [undefined, "the stack"],
  ])("%s is %s", (urn, said) => {
    expect(whereIs(here, urn)).toBe(said);
  });
});

test("violations of one rule at one level come together, in the order of the plan", () => {
  const said = (policy: string, message: string, more = {}) =>
    violation({ policy, message, ...more });
  const grouped = violationsByPolicy(
    plan([], {
      violations: [
        said("b", "1"),
        said("a", "2"),
        said("b", "3", { urn: group.urn }),
        said("b", "4", { enforcementLevel: "advisory" }),
        said("b", "5", { pack: "other" }),
      ],
    }),
  );
  expect(
    grouped.map(({ policy, pack, enforcementLevel, violations }) => [
      policy,
      pack,
      enforcementLevel,
      violations.map(({ message }) => message),
    ]),
  ).toEqual([
    ["b", "house-rules", "mandatory", ["1", "3"]],
    ["a", "house-rules", "mandatory", ["2"]],
    ["b", "house-rules", "advisory", ["4"]],
    ["b", "other", "mandatory", ["5"]],
  ]);
});
