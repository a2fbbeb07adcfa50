import { describe, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { EXAMPLES, configuredBy, onThatDay } from "../support/exampleStacks.ts";
import { planText } from "../support/planText.ts";

const day = onThatDay();

test("there is an example for each way to start", () => {
  expect(EXAMPLES).toEqual([
    "egress",
    "external-revisions",
    "minimal",
    "plug-in-ca",
    "private",
    "production",
    "teams",
    "upgrade-after",
    "upgrade-before",
    "upgrade-canary",
    "upgrade-prepared",
    "upgrade-promoted",
  ]);
});

// The phases of an upgrade are compared with each other.
const PHASE = /^upgrade-(?!before)/;

describe("the plan of each example is the reviewed one:", () => {
  test.each(EXAMPLES.filter((name) => !PHASE.test(name)))("%s", async (name) => {
    const args = ["preview", ...configuredBy(name), ...day, "--json", "-"];
    const { code, stdout, stderr } = await aksIstio(args);
    expect([name, code, stderr]).toEqual([name, 0, stderr]);
    await expect(planText(stdout)).toMatchFileSnapshot(`plans/${name}.yaml`);
  });
});
