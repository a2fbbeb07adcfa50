import fc from "fast-check";
import { expect, test } from "vitest";
import { changeBetween } from "../../../cli/change/change.ts";
import { sideOf } from "../../../cli/change/side.ts";
import type { Comparison } from "../../../cli/reports/comparison.ts";
import { toMarkdown } from "../../../cli/reports/markdown.ts";
import { judgementOf } from "../../../cli/reports/summary.ts";
import type { Plan } from "../../../offline/plan/plan.ts";
import { plan, resource, stack, violation } from "../../support/plan.ts";
import { reported } from "../../support/reports.ts";

const root = stack();
const site = (name: string, size: number | string, options = {}) =>
  resource({ type: "a:b:Site", name, parent: root, inputs: { size }, options });

function comment(before: Plan, after: Plan, more: Partial<Comparison> = {}): string {
  const side = (of: Plan) => sideOf(of, judgementOf(of, false));
  const [, judgement, places] = reported(after);
  return toMarkdown(after, judgement, places, {
    ...{ name: "origin/main", commit: "0123456789abcdef", notes: [], newOnly: false },
    change: changeBetween(side(before), side(after), after, String),
    ...more,
  });
}

const WHOLE = "<details><summary>The whole plan</summary>";

/** A cluster whose change is dangerous if its only revision becomes another. */
const cluster = (revision: string) =>
  resource({
    ...{ type: "azure-native:containerservice:ManagedCluster", name: "mesh", parent: root },
    inputs: { serviceMeshProfile: { mode: "Istio", istio: { revisions: [revision] } } },
  });

test("a dangerous change comes first, and says what to do", () => {
  const text = comment(
    plan([root, site("kept", 1), cluster("asm-1-29")]),
    plan([root, site("kept", 2), cluster("asm-1-30")]),
  );
  const changed = text.slice(text.indexOf("### Changed"), text.indexOf("**Site kept**"));
  expect(changed).toBe(`### Changed

**ManagedCluster mesh** (⚠️ dangerous)

\`\`\`diff
! stops asm-1-29 in the deployment that starts asm-1-30, while pods still have sidecars of asm-1-29. First deploy both revisions, then move the workloads, and stop asm-1-29 last: https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
- serviceMeshProfile.istio.revisions[0]: "asm-1-29"
+ serviceMeshProfile.istio.revisions[0]: "asm-1-30"
\`\`\`

`);
});

test("a comment has the change first, and the whole plan folded below it", () => {
  const old = violation({ policy: "old", enforcementLevel: "advisory" });
  const text = comment(
    plan([root, site("kept", 1), site("tall", 1), site("gone", 1)], { violations: [old] }),
    plan([root, site("kept", 2), site("tall", 2, { replaceOnChanges: ["size"] }), site("new", 1)], {
      violations: [violation(), violation({ policy: "few", enforcementLevel: "advisory" })],
      notJudged: [{ what: "chart", reason: "It is in a registry." }],
    }),
    { notes: ["The pack has *changed*."] },
  );
  expect(text.slice(0, text.indexOf(WHOLE))).toBe(`## ❌ Preview of \`shop\`, stack \`dev\`

Compared with \`origin/main (0123456789)\`:

| added | removed | changed | new mandatory violations | new advisory violations | fixed |
| --- | --- | --- | --- | --- | --- |
| 1 | 1 | 2, 1 of which may be replaced | 1 | 1 | 1 |

> The pack has \\*changed\\*.

### 🛑 \`has-owner\`

A group names its owner.

- **the stack**: The tag owner is missing.

### ❔ New, and not judged

- **chart**: It is in a registry.

### Changed

**Site tall** (⚠️ may be replaced)

\`\`\`diff
+ option replaceOnChanges: ["size"]
- size: 1
+ size: 2
! may replace the resource: replaceOnChanges names size
\`\`\`

**Site kept**

\`\`\`diff
- size: 1
+ size: 2
\`\`\`

### Removed

- Site gone

### Added

- Site new

<details><summary>New advice: 1 finding of 1 rule</summary>

### ⚠️ \`few\`

A group names its owner.

- **the stack**: The tag owner is missing.

</details>

<details><summary>No longer reported: 1 finding</summary>

- \`old\`: The tag owner is missing.

</details>

`);
  expect(text).toMatch(
    /\n<\/details>\n\n<\/details>\n\n_Both sides are offline previews of a first deployment\. What is deployed may differ from both\._\n$/,
  );
});

test("a finding that is no longer reported is there in full", () => {
  const message = `A ${"long ".repeat(60)}finding.`;
  const text = comment(plan([root], { violations: [violation({ message })] }), plan([root]));
  expect(text).toContain(`\n- \`has-owner\`: ${message}\n`);
});

test("nothing changes, and an old violation still stops", () => {
  const same = plan([root], { violations: [violation()] });
  expect(comment(same, same)).toMatch(
    /^## ❌ [^]*\n\n\*\*Nothing changes\.\*\*\n\n🛑 \*\*1 finding that stops the deployment is not new\.\*\* The whole plan has it\.\n/,
  );
  expect(comment(same, same, { newOnly: true })).toContain(
    "\n1 finding that stops the deployment is not new, so with `--new-only` it does not count. The whole plan has it.\n",
  );
});

test("values from a program cannot end their block", () => {
  const hostile = "a`\n```\n</details>\n## b\u001b[2J ##[error]x";
  const text = comment(plan([root, site("a", "x")]), plan([root, site("a", hostile)]));
  const [, block = ""] = /\n(````diff\n[^]*?\n````)\n/.exec(text) ?? [];
  expect(block).toBe(
    "````diff\n  size:\n- x\n+ a`\n+ ```\n+ </details>\n+ ## b\\x1b[2J \\x23#[error]x\n````",
  );
});

test("any change fits into a comment, with its verdict and its end", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 50 }),
    fc.nat(500).map((length) => "@a#1\u0000|`".repeat(length)),
  );
  fc.assert(
    fc.property(text, text, fc.nat(200), fc.nat(200), (name, value, changed, others) => {
      const many = (count: number, prefix: string, size: string) =>
        Array.from({ length: count }, (_, i) => site(`${prefix}${name}${i}`, size));
      const violations = Array.from({ length: others }, (_, i) =>
        violation({ policy: `p${i}`, message: value }),
      );
      const shown = comment(
        plan([root, ...many(changed, "c", "a"), ...many(others, "r", "a")]),
        plan([root, ...many(changed, "c", value), ...many(others, "n", "a")], { violations }),
        { notes: [value], name },
      );
      expect(shown.length).toBeLessThan(65_536);
      expect(shown).toMatch(/^## (✅|❌) Preview of `/);
      expect(shown.endsWith("may differ from both._\n")).toBe(true);
    }),
    { numRuns: 20 },
  );
});
