import { expect, test } from "vitest";
import { failureToJson, toJson } from "../../../cli/reports/json.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import { plan, resource, stack, violation } from "../../support/plan.ts";

const root = stack({ token: markSecret("hunter2"), id: UNKNOWN });
const provider = `urn:pulumi:dev::shop::pulumi:providers:a::blue::${UNKNOWN}`;
const full = resource({
  op: "import",
  type: "a:b:C",
  name: "full",
  id: "id-1",
  parent: root,
  provider,
  inputs: {
    size: 0,
    on: false,
    none: null,
    key: markSecret("hunter2"),
    deep: [{ key: markSecret("h2") }],
  },
  dependencies: ["urn:1"],
  propertyDependencies: { size: ["urn:1"] },
  options: {
    protect: true,
    retainOnDelete: true,
    deletedWith: "urn:2",
    ignoreChanges: ["tags"],
    replaceOnChanges: ["sku"],
    additionalSecretOutputs: ["key"],
    aliases: ["urn:3"],
    customTimeouts: { create: 1_200 },
  },
  sourcePosition: "project:///index.ts#1,2",
});
const bare = resource({ op: "read", type: "a:b:C", name: "bare", id: "id-2", parent: root });

const inside = resource({
  type: "a:b:C",
  name: "inside",
  parent: bare,
  inputs: { token: markSecret("h3") },
});

function parsed(text: string): unknown {
  return JSON.parse(text);
}

test("a plan has the shape of `pulumi preview --json`", () => {
  const text = toJson(
    plan([root, full, bare], {
      contents: [inside],
      config: { "shop:size": "3", "shop:token": "[secret]" },
      diagnostics: [{ severity: "warning", message: "careful", urn: "urn:1" }],
      violations: [violation({ urn: full.urn })],
      remediations: [{ policy: "p", pack: "q", description: "d", urn: full.urn }],
      notJudged: [{ what: "chart", reason: "Only a provider expands it.", fix: "Render it." }],
    }),
  );
  const inputs = {
    size: 0,
    on: false,
    none: null,
    key: "[secret]",
    deep: [{ key: "[secret]" }],
  };
  expect(parsed(text)).toEqual({
    config: { "shop:size": "3", "shop:token": "[secret]" },
    steps: [
      {
        op: "create",
        urn: root.urn,
        newState: {
          urn: root.urn,
          custom: false,
          type: "pulumi:pulumi:Stack",
          outputs: { token: "[secret]", id: UNKNOWN },
        },
      },
      {
        op: "import",
        urn: full.urn,
        provider,
        newState: {
          urn: full.urn,
          custom: true,
          id: "id-1",
          type: "a:b:C",
          inputs,
          outputs: inputs,
          parent: root.urn,
          protect: true,
          dependencies: ["urn:1"],
          provider,
          propertyDependencies: { size: ["urn:1"] },
          additionalSecretOutputs: ["key"],
          aliases: ["urn:3"],
          customTimeouts: { create: 1_200 },
          importID: "id-1",
          retainOnDelete: true,
          deletedWith: "urn:2",
          sourcePosition: "project:///index.ts#1,2",
          ignoreChanges: ["tags"],
          replaceOnChanges: ["sku"],
        },
      },
      {
        op: "read",
        urn: bare.urn,
        // Empty fields are left out.
        newState: {
          urn: bare.urn,
          custom: true,
          id: "id-2",
          type: "a:b:C",
          parent: root.urn,
          external: true,
        },
      },
    ],
    diagnostics: [{ severity: "warning", message: "careful", urn: "urn:1" }],
    changeSummary: { create: 1, import: 1, read: 1 },
    contents: [
      {
        urn: inside.urn,
        custom: true,
        type: "a:b:C",
        inputs: { token: "[secret]" },
        outputs: { token: "[secret]" },
        parent: bare.urn,
      },
    ],
    policyViolations: [
      {
        policy: "has-owner",
        pack: "house-rules",
        packVersion: "1.0.0",
        enforcementLevel: "mandatory",
        description: "A group names its owner.",
        message: "The tag owner is missing.",
        urn: full.urn,
      },
    ],
    policyRemediations: [{ policy: "p", pack: "q", description: "d", urn: full.urn }],
    notJudged: [
      { what: "chart", reason: "Only a provider expands it.", fix: "Render it.", stops: false },
    ],
    judgement: { verdict: "violated", mandatory: 1, advisory: 0, notJudged: 1 },
  });
  expect(text).not.toMatch(/hunter2|h2"/);
});

test("the text is indented, ends with a line feed, and is deterministic", () => {
  const text = toJson(plan([root]));
  expect(text).toMatch(/^\{\n {4}"config": \{\},\n {4}"steps": \[\n {8}\{\n/);
  expect(text.endsWith("\n}\n")).toBe(true);
  expect(toJson(plan([root]))).toBe(text);
});

test("without a plan, the diagnostics have the reason and the position", () => {
  const place = { file: "Pulumi.dev.yaml", line: 3, column: 5 };
  const text = failureToJson({
    project: "shop",
    stack: "dev",
    problems: [{ message: "shop:size: must be a number", place }, { message: "It ended." }],
  });
  expect(parsed(text)).toEqual({
    config: {},
    steps: [],
    diagnostics: [
      { severity: "error", message: "shop:size: must be a number", place },
      { severity: "error", message: "It ended." },
    ],
    changeSummary: {},
    contents: [],
    policyViolations: [],
    policyRemediations: [],
    notJudged: [],
    judgement: { verdict: "failed" },
  });
});
