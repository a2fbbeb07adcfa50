import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { resource, plan, policy, stack, violation } from "../support/plan.ts";
import { reported } from "../support/reports.ts";
import { toMarkdown } from "../../cli/reports/markdown.ts";
import { toSarif } from "../../cli/reports/sarif.ts";
import { toTerminal } from "../../cli/reports/terminal.ts";
import type { Styles } from "../../cli/output/styles.ts";

test("explain prints the page of a policy, from any directory", async () => {
  const page = readFileSync("docs/policies/mesh-osm-conflict.md", "utf8");
  const { code, stdout, stderr } = await aksIstio(["explain", "mesh-osm-conflict"], {}, "/");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^# mesh-osm-conflict\n/);
  expect(page.endsWith(stdout)).toBe(true);
});

test.each([
  ["mesh-osm-conflct", "; did you mean mesh-osm-conflict?"],
  [
    "../assumptions",
    ". docs/policies.md lists them. Write a pod as pod/NAME, and a workload as deployment/NAME.",
  ],
])("explain refuses %s", async (name, wayOut) => {
  const { code, stdout, stderr } = await aksIstio(["explain", name]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(`"${name}" is not a policy of this pack${wayOut}\n`);
});

const same = (text: string) => text;
const PLAIN: Styles = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
const EXPLANATION = "aks-istio explain has-owner";

test.each([
  ["aks-istio-policies", 1],
  ["house-rules", 0],
])("reports name the command for policies of %s: %d times", (pack, times) => {
  const root = stack();
  const hub = resource({ type: "a:b:C", name: "hub", parent: root });
  const found = plan([root, hub], {
    packs: [{ name: pack, version: "1.0.0", policies: [policy()] }],
    violations: [violation({ pack, urn: hub.urn })],
  });
  const named = (text: string) => text.split(EXPLANATION).length - 1;
  const appearance = { styles: PLAIN, width: 80, details: false, seconds: 1 };
  expect(named(toTerminal(...reported(found), appearance))).toBe(times);
  expect(named(toMarkdown(...reported(found)))).toBe(times);
  // In the text of its help, and in its Markdown.
  expect(named(toSarif(...reported(found), "Pulumi.yaml"))).toBe(2 * times);
});
