import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addRule } from "../../scripts/rule/addRule.ts";
import { summaryOf } from "../../scripts/rule/summary.ts";

const NAME = "ns-quota-set";
const COPIED = ["mesh", "offline", "policy", "test/support", "text", "tsconfig.json"];

let clone = "";

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "new-rule-"));
  for (const path of COPIED) cpSync(path, join(clone, path), { recursive: true });
  symlinkSync(resolve("node_modules"), join(clone, "node_modules"));
});

afterEach(() => {
  rmSync(clone, { recursive: true });
});

const textOf = (root: string, file: string) => readFileSync(join(root, file), "utf8");

/** The lines that a file of the clone adds to the project's, each with the line before it. */
function addedTo(file: string): readonly (readonly string[])[] {
  const before = new Set(textOf(".", file).split("\n"));
  const after = textOf(clone, file).split("\n");
  expect(after.filter((line) => before.has(line)).join("\n")).toBe(textOf(".", file));
  return after.flatMap((line, at) => (before.has(line) ? [] : [[after[at - 1] ?? "", line]]));
}

function run(command: string, ...args: string[]) {
  return spawnSync(process.execPath, [join("node_modules", command), ...args], {
    cwd: clone,
    encoding: "utf8",
  });
}

test("a new rule compiles, and fails each of its tests until it is written", () => {
  // One about an object, and one about a cluster.
  const own = [NAME, "mesh-quota-set"].flatMap((name) => {
    const [area = ""] = name.split("-");
    const rule = `policy/rules/${area}/${name}.ts`;
    const tests = `test/policy/rules/${area}/${name}.test.ts`;
    expect(addRule(clone, name)).toEqual({
      files: [
        rule,
        `policy/examples/${area}/${name}.yaml`,
        tests,
        "policy/rules.ts",
        "policy/profiles/recommended.json",
        "policy/profiles/strict.json",
        "policy/profiles/advisory.json",
      ],
    });
    return [rule, tests];
  });

  writeFileSync(
    join(clone, "tsconfig.scaffold.json"),
    JSON.stringify({ extends: "./tsconfig.json", include: own }),
  );
  expect(run("typescript/bin/tsc", "--project", "tsconfig.scaffold.json").stdout).toBe("");
  const misformatted = run(
    "prettier/bin/prettier.cjs",
    "--print-width=100",
    "--list-different",
    ...own,
  );
  expect(misformatted.stdout).toBe("");

  const titles = [
    "accepts (what is right)",
    "reports (what is wrong)",
    "does not judge (a value that is UNKNOWN)",
  ];
  const assertionResults = titles.map((title) => ({ title, status: "failed" }));
  const tests = own.filter((file) => file.endsWith(".test.ts"));
  const { stdout } = run("vitest/vitest.mjs", "run", "--reporter=json", ...tests);
  expect(JSON.parse(stdout)).toMatchObject({
    numTotalTests: 6,
    testResults: [{ assertionResults }, { assertionResults }],
  });
});

test.each([
  ["ns-quota-set", "namespaces"],
  ["service-quota-set", "namespaces"],
  ["aks-quota-set", "clusters"],
  ["mesh-quota-set", "clusters"],
])("the command says what %s judges, and how to test it", (name, about) => {
  expect(summaryOf(name, ["a.ts", "b.yaml"])).toBe(`Written:
  a.ts
  b.yaml
It judges ${about} unless you change "about". Its tests fail until you write the rule:
  npx vitest run ${name} test/policy/examples.test.ts -t ${name}
docs/adding-a-rule.md describes the next steps.
`);
});

describe("a rule is registered once, in the order of areas and names", () => {
  test.each([
    [NAME, "ns-pod-security-compatible", "nsPodSecurityCompatible", "nsQuotaSet"],
    [
      "workload-zone-set",
      "workload-restricted-security",
      "workloadRestrictedSecurity",
      "workloadZoneSet",
    ],
  ])("%s, after %s", (name, previous, before, identifier) => {
    const [area = ""] = name.split("-");
    addRule(clone, name);
    expect(addedTo("policy/rules.ts")).toEqual([
      [
        `import { ${before} } from "./rules/${area}/${previous}.ts";`,
        `import { ${identifier} } from "./rules/${area}/${name}.ts";`,
      ],
      [`  ${before},`, `  ${identifier},`],
    ]);
    for (const [profile, level] of [
      ["recommended", "advisory"],
      ["strict", "mandatory"],
      ["advisory", "advisory"],
    ]) {
      const added = addedTo(`policy/profiles/${profile ?? ""}.json`);
      expect(added.map(([, line]) => line)).toEqual([`  "${name}": "${level ?? ""}",`]);
      expect(added[0]?.[0]).toContain(`"${previous}"`);
    }
  });
});

test.each([
  ["", '"" is not a valid name of a rule. Use lowercase words with hyphens'],
  ["ns", '"ns" is not a valid name of a rule.'],
  ["../ns-a", '"../ns-a" is not a valid name of a rule.'],
  ["Ns-quota", '"Ns-quota" is not a valid name of a rule.'],
  ["dns-a", '"dns-a" begins with dns, which is not an area. Choose one of aks, authz, flux,'],
  [
    "ns-no-ambient",
    '"ns-no-ambient" already exists: policy/rules/ns/ns-no-ambient.ts. Choose another name.',
  ],
  ["mesh-coverage", '"mesh-coverage" is a policy of the pack itself. Choose another name.'],
])("%j is rejected, and nothing is written", (name, problem) => {
  expect(addRule(clone, name)).toEqual({ problem: expect.stringContaining(problem) as string });
  expect(addedTo("policy/rules.ts")).toEqual([]);
});

test("a name with the identifier of another rule is rejected", () => {
  addRule(clone, "ns-1-2");
  expect(addRule(clone, "ns-12")).toEqual({
    problem: '"ns-12" has the identifier of another rule, ns12. Choose another name.',
  });
});
