import { describe, expect, test } from "vitest";
import { rules } from "../../policy/rules.ts";
import { readExamples } from "../support/examples.ts";
import type { Fixture } from "../support/fixtures.ts";
import { run } from "../support/policy.ts";

const all = readExamples();

/** The rules that report a stack, each once. */
async function found(stack: readonly Fixture[], today: string): Promise<readonly string[]> {
  const reports = await run(rules, stack, { config: { "mesh-scope": { today } } });
  return [...new Set(reports.map(({ policy }) => policy))].sort();
}

/** The area is the first tag of a rule. */
function areaOf(rule: string): string | undefined {
  return rules.find(({ name }) => name === rule)?.tags[0];
}

test("every rule has examples, in the folder of its area, and every example a rule", () => {
  expect(all.map(({ area, rule }) => `${area}/${rule}`)).toEqual(
    rules.map(({ name, tags }) => `${tags[0] ?? ""}/${name}`).sort(),
  );
});

test.each(rules)("$name has no placeholder texts", (rule) => {
  const { displayName, description, remediationSteps, url } = rule;
  // The skeleton of a rule has them in parentheses.
  expect(
    [displayName, description, remediationSteps].filter((text) => !/^[^(]/.test(text)),
  ).toEqual([]);
  expect(url).toMatch(/^https:\/\//);
});

// Examples are short: they contain what their rule reads, so rules of other areas may report them too. Rules of the
// baseline report what a cluster lacks, so they also report each other's examples.
describe.each(all)("$rule", ({ area, rule, also, good, bad, today }) => {
  test("reports nothing in the good example", async () => {
    expect(await found(good, today)).not.toContain(rule);
  });

  test("and no other rule of its area reports the bad one", async () => {
    const ofArea = (await found(bad, today)).filter((name) => areaOf(name) === area);
    const anyway = area === "aks" ? await found(good, today) : [];
    expect(ofArea.filter((name) => !anyway.includes(name))).toEqual([rule, ...also].sort());
  });
});
