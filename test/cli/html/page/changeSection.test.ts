import { expect, test } from "vitest";
import { changeBetween } from "../../../../cli/change/change.ts";
import { sideOf } from "../../../../cli/change/side.ts";
import { toHtml } from "../../../../cli/html/htmlReport.ts";
import { judgementOf } from "../../../../cli/reports/summary.ts";
import { markSecret } from "../../../../offline/plan/values.ts";
import type { Value } from "../../../../offline/plan/values.ts";
import type { Plan } from "../../../../offline/plan/plan.ts";
import { plan, resource, stack, violation } from "../../../support/plan.ts";
import { reported } from "../../../support/reports.ts";

const root = stack();
const site = (name: string, size: Value, options = {}) =>
  resource({ type: "a:b:Site", name, parent: root, inputs: { size }, options });

/** The section of a page, without its markup. */
async function changes(before: Plan, after: Plan, notes: readonly string[] = []): Promise<string> {
  const side = (of: Plan) => sideOf(of, judgementOf(of, false));
  const page = await toHtml(...reported(after), {
    ...{ name: "origin/main", commit: "0123456789abcdef", notes, newOnly: false },
    change: changeBetween(side(before), side(after), after, String),
  });
  const [, section = ""] = /<section id="changes".*?>(.*?)<\/section>/s.exec(page) ?? [];
  return section
    .replaceAll(/<[^>]*>/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .join("\n");
}

test("what changes comes first, with what may be replaced before the rest", async () => {
  const old = violation({ policy: "old", enforcementLevel: "advisory" });
  const before = plan([root, site("kept", 1), site("tall", 1), site("gone", 1)], {
    violations: [old],
  });
  const after = plan(
    [root, site("kept", 2), site("tall", "<2>", { replaceOnChanges: ["size"] }), site("new", 1)],
    {
      violations: [violation({ policy: "few", message: "Too few." })],
      notJudged: [{ what: "chart", reason: "It is in a registry." }],
    },
  );
  expect(await changes(before, after, ["The pack has changed."])).toBe(`What changes
Compared with origin/main (0123456789).
The pack has changed.
New findings 2
few (mandatory), the stack: Too few.
not judged, chart: It is in a registry.
No longer reported 1
old: The tag owner is missing.
Changed 2
Site tall may be replaced
+ option replaceOnChanges: [&#34;size&#34;]
- size: 1
+ size: &#34;&#60;2&#62;&#34;
! may replace the resource: replaceOnChanges names size
Site kept
- size: 1
+ size: 2
Removed 1
Site gone
Added 1
Site new`);
});

test("the values of secrets are not shown", async () => {
  const secret = (text: string) => plan([root, site("kept", markSecret(text))]);
  const text = await changes(secret("hunter2"), secret("hunter3"));
  expect(text).toContain("size: changes, and is secret");
  expect(text).not.toContain("hunter");
});

test("a plan that changes nothing says so", async () => {
  const same = plan([root, site("kept", 1)]);
  expect(await changes(same, same)).toBe(
    "What changes\nCompared with origin/main (0123456789).\nNothing changes.",
  );
});
