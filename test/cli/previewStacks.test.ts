import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import type { Outcome } from "../support/command.ts";
import { commitAll } from "../support/gitRepository.ts";
import { javascript, policyPack, scratch } from "../support/programs.ts";

const write = scratch();

const LIMIT = `{
  name: "size-limit", description: "A group is small.", enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    if (type === "a:b:Group" && props.size > 2) report("Its size is " + props.size + ".");
  },
}`;

const directory = write("shop", {
  ...javascript(
    "shop",
    'new Resource("a:b:Group", "group", { size: new pulumi.Config().requireNumber("size") });',
  ),
  "Pulumi.dev.yaml": "config:\n  shop:size: 1\n",
  "Pulumi.prod-a.yaml": "config:\n  shop:size: 1\n",
  "Pulumi.prod-b.yaml": "config:\n  shop:size: 1\n",
});
const pack = write("limit", policyPack("limits", LIMIT));

describe("several stacks", () => {
  const file = (name: string) => join(directory, `plan.${name}`);
  const read = (name: string) => readFileSync(file(name), "utf8");
  let outcome: Outcome;
  beforeAll(async () => {
    commitAll(directory);
    write("shop", { "Pulumi.prod-b.yaml": "config:\n  shop:size: 3\n" });
    outcome = await aksIstio([
      ...["preview", directory, "--policy-pack", pack, "--stack", "prod-*", "--against", "main"],
      ...["json", "markdown", "sarif", "junit"].flatMap((name) => [`--${name}`, file(name)]),
    ]);
  });

  test("are previewed one after the other, with a table at the end", () => {
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toBe(
      ["prod-a", "prod-b"]
        .map(
          (stack) =>
            `Stack ${stack}\nStarting the program and the policy packs\nPlanned 2 resources\n`,
        )
        .join(""),
    );
    expect(outcome.stdout).toMatch(
      /^Preview of shop, stack prod-a [^]*\nPreview of shop, stack prod-b /,
    );
    expect(outcome.stdout).toMatch(
      /\nstack {5}resources {2}added {2}removed {2}changed {2}new mandatory {2}new advisory {2}mandatory {2}advisory {2}not judged\n✅ prod-a {2}2 .*\n❌ prod-b {2}2 .*\n$/,
    );
  });

  test("have one comment: a table, and each folded", () => {
    const text = read("markdown");
    expect(text).toMatch(
      /^## ❌ Preview of `shop`, 2 stacks\n\nCompared with `main \(\w{10}\)`:\n\n\| stack \| resources \| added \| .*\n\| --- .*\n\| ✅ prod-a \| 2 \| 0 \| 0 \| 0 \| 0 \| 0 \| 0 \| 0 \| 0 \|\n\| ❌ prod-b \| 2 \| 0 \| 0 \| 1 \| 1 \| 0 \| 1 \| 0 \| 0 \|\n/,
    );
    expect(text).toMatch(
      /<details><summary>✅ prod-a<\/summary>[^]*\*\*Nothing changes\.\*\*[^]*<details><summary>❌ prod-b<\/summary>[^]*\n- size: 1\n\+ size: 3\n/,
    );
    expect(text.match(/Compared with/g)).toHaveLength(1);
  });

  test("are in one file of each other format", () => {
    expect(JSON.parse(read("json"))).toMatchObject({
      stacks: {
        "prod-a": { changeSummary: { create: 2 }, change: { changed: [] } },
        "prod-b": { policyViolations: [{ policy: "size-limit" }] },
      },
      judgement: { verdict: "violated", mandatory: 1, advisory: 0, notJudged: 0 },
    });
    expect(JSON.parse(read("sarif"))).toMatchObject({
      version: "2.1.0",
      runs: [
        { automationDetails: { id: "shop/prod-a/" }, results: [] },
        { automationDetails: { id: "shop/prod-b/" }, results: [{ ruleId: "size-limit" }] },
      ],
    });
    expect(read("junit")).toMatch(
      /<testsuites name="shop\/prod-a,prod-b" tests="2" failures="1" [^]*<testsuite name="prod-a: limits" [^]*<testsuite name="prod-b: limits" /,
    );
  });
});

test.each([
  [["--stack", "prod-*", "--config-file", "x.yaml"], "--config-file is the file of one stack."],
  [["--stack", "live-*"], "has a name like live-*. It has: dev, prod-a, prod-b.\n"],
])("%j is refused", async (args, message) => {
  const { code, stderr } = await aksIstio(["preview", directory, ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
