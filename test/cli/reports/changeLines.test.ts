import { expect, test } from "vitest";
import { changeBetween } from "../../../cli/change/change.ts";
import { sideOf } from "../../../cli/change/side.ts";
import { changeLines } from "../../../cli/reports/changeLines.ts";
import { judgementOf } from "../../../cli/reports/summary.ts";
import type { PlannedResource } from "../../../offline/plan/plan.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import type { Properties } from "../../../offline/plan/values.ts";
import { plan, resource, stack } from "../../support/plan.ts";
import type { Given } from "../../support/plan.ts";

const root = stack();

/** The lines of the only changed resource. */
function linesBetween(before: readonly PlannedResource[], after: readonly PlannedResource[]) {
  const [was, is] = [plan([root, ...before]), plan([root, ...after])];
  const side = (of: typeof was) => sideOf(of, judgementOf(of, false));
  const { changed } = changeBetween(side(was), side(is), is, String);
  return changed.map((one) => changeLines(one));
}

function lines(before: Properties, after: Properties, options: Given["options"] = {}) {
  const one = (inputs: Properties) =>
    resource({ type: "a:b:C", name: "c", parent: root, inputs, options });
  return linesBetween([one(before)], [one(after)]).flat();
}

test("a property is shown as it was and as it is", () => {
  expect(lines({ a: 1, b: [UNKNOWN], gone: { x: "y" } }, { a: 2, b: ["now"] })).toEqual([
    "- a: 1",
    "+ a: 2",
    "- b[0]: [unknown]",
    '+ b[0]: "now"',
    '- gone: {"x":"y"}',
  ]);
});

test("a secret is only said to change", () => {
  expect(lines({ a: markSecret("x") }, { a: markSecret("y") })).toEqual([
    "  a: changes, and is secret",
  ]);
});

test("remarks follow what they are about", () => {
  const options = { ignoreChanges: ["a"], replaceOnChanges: ["b"] };
  expect(lines({ a: 1, b: 1 }, { a: 2, b: 2 }, options)).toEqual([
    "- a: 1",
    "+ a: 2",
    "! has no effect on an existing resource: ignoreChanges names it",
    "- b: 1",
    "+ b: 2",
    "! may replace the resource: replaceOnChanges names b",
  ]);
});

test("texts of several lines are compared by line, unless they are too long", () => {
  expect(lines({ mesh: "a\nb\nc" }, { mesh: "a\nx\nc" })).toEqual([
    "  mesh:",
    "  a",
    "- b",
    "+ x",
    "  c",
  ]);
  const long = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`).join("\n");
  expect(lines({ mesh: long(1_000) }, { mesh: `${long(999)}\nlast` })).toHaveLength(6);
  expect(lines({ mesh: long(1_000) }, { mesh: long(1_001) })).toEqual([
    "  mesh: changes, from a text of 1000 lines to one of 1001",
  ]);
});

test("long values are shown around their first difference", () => {
  const long = (end: string) => `${"x".repeat(500)}${end}${"z".repeat(500)}`;
  const [was = "", is = ""] = lines({ a: long("1") }, { a: long("2") });
  expect(was).toBe(`- a: …${"x".repeat(40)}1${"z".repeat(159)}…`);
  expect(is).toBe(`+ a: …${"x".repeat(40)}2${"z".repeat(159)}…`);
  expect(lines({ a: "x".repeat(198) }, { a: "y" })[0]).toBe(`- a: "${"x".repeat(198)}"`);
  expect(lines({ a: "x".repeat(199) }, { a: "y" })[0]).toBe(`- a: "${"x".repeat(199)}…`);
});

test("another name, another parent and other options are said", () => {
  const site = resource({ type: "my:index:Site", name: "site", custom: false, parent: root });
  const old = resource({ type: "a:b:C", name: "old", parent: root, options: { protect: true } });
  const options = { aliases: [old.urn] };
  const renamed = resource({ type: "a:b:D", name: "new", parent: root, options });
  expect(linesBetween([site, old], [site, renamed])).toEqual([
    ["  was C old", "- option protect: true"],
  ]);
  const moved = resource({
    ...{ type: "a:b:C", name: "old", parent: site },
    options: { ...options, protect: true },
  });
  expect(linesBetween([site, old], [site, moved])).toEqual([
    ["- parent: shop-dev", "+ parent: site"],
  ]);
});
