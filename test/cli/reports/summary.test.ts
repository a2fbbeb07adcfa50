import { describe, expect, test } from "vitest";
import { Places } from "../../../cli/reports/places.ts";
import { judgementOf, countOperations, stackOutputs } from "../../../cli/reports/summary.ts";
import { plan, policy, resource, stack, violation } from "../../support/plan.ts";

const group = resource({
  type: "azure-native:resources:ResourceGroup",
  name: "hub",
  sourcePosition: "project:///deep/index.ts#12,3",
});

test("operations are counted", () => {
  const read = resource({ op: "read", type: "a:b:C", name: "a" });
  expect(countOperations(plan([read, stack(), group]))).toEqual([
    ["create", 2],
    ["read", 1],
  ]);
});

describe("a judgement", () => {
  const violations = [
    violation(),
    violation({ enforcementLevel: "advisory" }),
    violation({ policy: "few", enforcementLevel: "advisory" }),
  ];

  test("separates violations from advice", () => {
    const { numbers, stops } = judgementOf(plan([], { violations }), false);
    expect(numbers).toEqual({ mandatory: 1, advisory: 2, notJudged: 0 });
    expect(stops).toBe(true);
    expect(judgementOf(plan([], { violations: violations.slice(1) }), true).stops).toBe(false);
  });

  const packs = [
    {
      name: "house-rules",
      version: "1",
      policies: [policy(), policy({ name: "coverage", tags: ["mesh", "not-judged"] })],
    },
  ];
  const unseen = { policy: "coverage", message: "Another cluster.", remediationSteps: "Name it." };
  const host = {
    what: "kubernetes:helm:template (2 calls)",
    reason: "Only a provider expands it.",
  };
  const partial = (enforcementLevel: "advisory" | "mandatory") =>
    plan([], {
      packs,
      violations: [
        violation({ ...unseen, urn: group.urn, enforcementLevel }),
        // A policy of the same name in another pack is an ordinary policy.
        violation({ ...unseen, pack: "other", enforcementLevel: "advisory" }),
      ],
      notJudged: [host],
    });

  test("lists coverage gaps of the packs and the preview separately from advice", () => {
    expect(judgementOf(partial("advisory"), false)).toMatchObject({
      stopping: [],
      advising: [{ pack: "other" }],
      notJudged: [
        {
          urn: group.urn,
          reason: "Another cluster.",
          fix: "Name it.",
          policy: "coverage",
          pack: "house-rules",
          stops: false,
        },
        { ...host, stops: false },
      ],
      numbers: { mandatory: 0, advisory: 1, notJudged: 2 },
      stops: false,
    });
  });

  test("counts a resource once if both a pack and the preview report it as not judged", () => {
    const told = partial("advisory");
    const own = { ...host, urn: group.urn, reason: "There is no helm." };
    const reasons = (item: typeof own & { fix?: string }) =>
      judgementOf({ ...told, notJudged: [item, host] }, false).notJudged.map(({ reason, fix }) => [
        reason,
        fix,
      ]);
    expect(reasons(own)).toEqual([
      ["Another cluster. There is no helm.", "Name it."],
      [host.reason, undefined],
    ]);
    expect(reasons({ ...own, fix: "Install it." })[0]).toEqual([
      "Another cluster. There is no helm.",
      "Install it.",
    ]);
  });

  test("stops for gaps on request, or if their policy is mandatory", () => {
    const required = judgementOf(partial("advisory"), true);
    expect(required.stops).toBe(true);
    expect(required.notJudged.map(({ stops }) => stops)).toEqual([true, true]);
    const mandatory = judgementOf(partial("mandatory"), false);
    expect(mandatory.stops).toBe(true);
    expect(mandatory.numbers.mandatory).toBe(0);
    expect(mandatory.notJudged.map(({ stops }) => stops)).toEqual([true, false]);
  });
});

test("the stack's outputs are those of the program", () => {
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
    expect(new Places(here).whereIs(urn)).toBe(said);
  });
});

test("violations of one rule at one level are grouped, the most severe rule first", () => {
  const said = (name: string, message: string, more = {}) =>
    violation({ policy: name, message, ...more });
  const { stopping, advising } = judgementOf(
    plan([], {
      violations: [
        said("b", "1"),
        said("a", "2", { severity: "low" }),
        said("b", "3", { urn: group.urn }),
        said("b", "4", { enforcementLevel: "advisory" }),
        said("b", "5", { pack: "other" }),
        said("c", "6", { severity: "critical" }),
        said("d", "7", { severity: "medium" }),
        said("e", "8", { severity: "high" }),
      ],
    }),
    false,
  );
  const shown = (groups: typeof stopping) =>
    groups.map((group) => [
      group.policy,
      group.pack,
      group.violations.map(({ message }) => message),
    ]);
  expect(shown(stopping)).toEqual([
    ["c", "house-rules", ["6"]],
    ["e", "house-rules", ["8"]],
    ["d", "house-rules", ["7"]],
    ["a", "house-rules", ["2"]],
    ["b", "house-rules", ["1", "3"]],
    ["b", "other", ["5"]],
  ]);
  expect(shown(advising)).toEqual([["b", "house-rules", ["4"]]]);
});
