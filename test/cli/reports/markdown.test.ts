import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failureToMarkdown, toMarkdown as markdown } from "../../../cli/reports/markdown.ts";
import type { Plan, PlannedResource } from "../../../offline/plan/plan.ts";
import { plan, resource, stack, violation } from "../../support/plan.ts";
import { reported } from "../../support/reports.ts";

const toMarkdown = (of: Plan, given: Parameters<typeof reported>[1] = {}) =>
  markdown(...reported(of, given));

/** The maximum length of a comment on GitHub. */
const LIMIT = 65_536;

const root = stack();
const group = resource({
  type: "azure-native:resources:ResourceGroup",
  name: "hub",
  parent: root,
  sourcePosition: "project:///index.ts#7,1",
});
const below = (parent: PlannedResource, name: string, more: Partial<PlannedResource> = {}) => ({
  ...resource({ type: "a:b:C", name, parent }),
  ...more,
});

test("a comment has the verdict, and the resources collapsed", () => {
  expect(toMarkdown(plan([root, group]))).toBe(`## ✅ Preview of \`shop\`, stack \`dev\`

| resources | mandatory violations | advisory violations | not judged |
| --- | --- | --- | --- |
| 2 to create | 0 | 0 | 0 |

<details><summary>Resources</summary>

| plan | type | name |
| --- | --- | --- |
| create | pulumi:pulumi:Stack | shop-dev |
| create | azure-native:resources:ResourceGroup | hub |

</details>

_This is an offline preview of a first deployment: every resource shows as new, even if it is already deployed._
`);
});

const told = plan([root, group], {
  violations: [
    violation({
      severity: "high",
      urn: group.urn,
      remediationSteps: "Name *it*.",
      url: "https://example.com/a",
    }),
    violation({ policy: "few", enforcementLevel: "advisory", message: "two\nlines" }),
  ],
  notJudged: [{ what: "chart", reason: "Only a provider expands it.", fix: "Render it." }],
  remediations: [
    { policy: "team", pack: "p", description: "d", urn: group.urn },
    { policy: "team", pack: "p", description: "d", urn: root.urn, diagnostic: "a_b" },
  ],
  diagnostics: [
    { severity: "info#err", message: "noise" },
    { severity: "warning", message: "careful\nnow" },
  ],
});

test("findings are shown with position and fix, and advice is collapsed", () => {
  const text = toMarkdown(told);
  expect(text).toContain(`## ❌ Preview of \`shop\`, stack \`dev\`

| resources | mandatory violations | advisory violations | not judged |
| --- | --- | --- | --- |
| 2 to create | 1 | 1 | 1 |

### 🛑 [\`has-owner\`](https://example.com/a) (high)

A group names its owner.

- **ResourceGroup hub (index.ts:7)**: The tag owner is missing.

**Fix:** Name \\*it\\*.

### ❔ Not judged

- **chart**: Only a provider expands it. **Fix:** Render it.

<details><summary>Advice: 1 finding of 1 rule</summary>

### ⚠️ \`few\`

A group names its owner.

- **the stack**: two<br>lines

</details>

### 🔧 Remediated

- \`team\` on **ResourceGroup hub (index.ts:7)**
- \`team\` on **Stack shop-dev**: a\\_b

<details><summary>Resources</summary>`);
  expect(text).toContain(`<details><summary>Messages</summary>

- warning: careful<br>now

</details>`);
  expect(text).not.toContain("noise");
});

test("advice alone does not stop, nor do items that were not judged, unless requested", () => {
  const partial = { ...told, violations: told.violations.slice(1) };
  expect(toMarkdown(partial)).toMatch(/^## ✅ /);
  const required = toMarkdown(partial, { requireJudged: true });
  expect(required).toMatch(/^## ❌ /);
  expect(required).toContain("### 🛑 Not judged\n");
});

test("a shared fix of items that were not judged is shown once", () => {
  const notJudged = ["a", "b"].map((what) => ({ what, reason: `No ${what}.`, fix: "Name it." }));
  expect(toMarkdown(plan([root], { notJudged }))).toContain(
    "### ❔ Not judged\n\n- **a**: No a.\n- **b**: No b. **Fix:** Name it.\n\n",
  );
});

test("without a plan, a comment shows the reason and the position", () => {
  const place = { file: "Pulumi.dev.yaml", line: 3, column: 5 };
  const problems = [{ message: "shop:a_b: missing", place }, { message: "two\nlines" }];
  expect(failureToMarkdown({ project: "shop", stack: "dev", problems }))
    .toBe(`## ❌ Preview of \`shop\`, stack \`dev\`

The preview failed:

- **Pulumi.dev.yaml:3**: shop:a\\_b: missing
- two<br>lines
`);
  const many = Array.from({ length: 5_000 }, () => ({ message: "x".repeat(100) }));
  const long = failureToMarkdown({ project: "shop", stack: "dev", problems: many });
  expect(long.length).toBeLessThan(LIMIT);
  expect(long).toMatch(/\n\n\d+ more problems\. /);
});

test("the resources of a large plan are counted by type", () => {
  const many = (length: number) =>
    plan([
      root,
      ...Array.from({ length }, (_, i) => below(root, `c${i}`)),
      { ...group, op: "read" },
    ]);
  expect(toMarkdown(many(298))).toContain("\n| create | a:b:C | c297 |\n");
  expect(toMarkdown(many(299))).toContain(`
| plan | type | resources |
| --- | --- | --- |
| create | pulumi:pulumi:Stack | 1 |
| create | a:b:C | 299 |
| read | azure-native:resources:ResourceGroup | 1 |
`);
});

describe("a comment limits", () => {
  const wrong = (length: number, more: Parameters<typeof violation>[0] = {}) =>
    Array.from({ length }, (_, i) =>
      violation({ urn: group.urn, message: `Finding ${i}.`, ...more }),
    );

  test("5,000 resources", () => {
    const parents = Array.from({ length: 100 }, (_, i) =>
      resource({ type: "my:index:Site", name: `site${i}`, custom: false, parent: root }),
    );
    const children = parents.flatMap((parent) =>
      Array.from({ length: 49 }, (_, i) => below(parent, `c${i}`, { dependencies: [group.urn] })),
    );
    const text = toMarkdown(plan([root, group, ...parents, ...children]));
    expect(text.length).toBeLessThan(LIMIT);
    expect(text).toContain("\n| create | a:b:C | 4900 |\n");
  });

  test("the findings of a rule, and counts the rest", () => {
    const text = toMarkdown(plan([root, group], { violations: wrong(21) }));
    expect(text).toContain("**: Finding 19.\n- … and 1 more\n");
    expect(toMarkdown(plan([root, group], { violations: wrong(20) }))).not.toContain(" more");
  });

  test("the rules by severity, and counts the remaining findings", () => {
    const severities = ["low", "critical", "medium", "high"] as const;
    const violations = Array.from({ length: 400 }, (_, i) =>
      wrong(2, {
        policy: `rule-${i}`,
        severity: severities[i % 4] ?? "low",
        message: "x".repeat(300),
      }),
    ).flat();
    const text = toMarkdown(plan([root, group], { violations }));
    expect(text.length).toBeLessThan(LIMIT);
    const shown = [...text.matchAll(/^### 🛑 `rule-\d+` \((\w+)\)$/gm)].map(
      ([, severity]) => severity,
    );
    expect(shown.length).toBeGreaterThan(60);
    expect(new Set(shown)).toEqual(new Set(["critical"]));
    expect(text).toContain(
      `\n\n**${800 - 2 * shown.length} more mandatory findings.** See the terminal or \`--json\` for all.\n\n`,
    );
  });

  test("a single message of a megabyte", () => {
    const text = toMarkdown(
      plan([root, group], { violations: wrong(5, { message: "@a".repeat(500_000) }) }),
    );
    expect(text.length).toBeLessThan(LIMIT);
    expect(text.match(/… \(1000000 characters\)\n/g)).toHaveLength(5);
  });

  test("thousands of printed lines and remediations", () => {
    const remediations = Array.from({ length: 5_000 }, () => ({
      policy: "p",
      pack: "q",
      description: "d",
      urn: group.urn,
    }));
    const diagnostics = Array.from({ length: 5_000 }, (_, i) => ({
      severity: "info" as const,
      message: `line ${i}`,
    }));
    const printed = toMarkdown(plan([root, group], { diagnostics }));
    expect(printed.length).toBeLessThan(LIMIT);
    expect(printed).toContain("\n- info: line 1000\n");
    expect(printed).toMatch(
      /\n\n\d+ more\. See the terminal or `--json` for all\.\n\n<\/details>\n\n_This is an offline preview/,
    );
    const text = toMarkdown(
      plan([root, group], { remediations, diagnostics, violations: wrong(1) }),
    );
    expect(text.length).toBeLessThan(LIMIT);
    expect(text).toContain("**: Finding 0.\n");
  });

  test("any content", () => {
    const long = fc.oneof(
      fc.string({ unit: "binary", maxLength: 50 }),
      fc.nat(500).map((length) => "@a#1\u0000|".repeat(length)),
    );
    const many = fc.nat(80);
    fc.assert(
      fc.property(
        long,
        long,
        many,
        many,
        many,
        many,
        (text, name, rules, findings, others, rows) => {
          const named = Array.from({ length: rows * 2 }, (_, i) =>
            resource({ type: `a:b:${text}`, name: `${name}${i}`, parent: root }),
          );
          const urn = named[0]?.urn;
          const given = {
            message: text,
            description: text,
            remediationSteps: text,
            url: `https://example.com/${text}`,
            ...(urn === undefined ? {} : { urn }),
          };
          const of = plan([root, ...named], {
            project: name,
            stack: text,
            violations: [
              ...Array.from({ length: rules }, (_, i) =>
                violation({ ...given, policy: `${name}${i}` }),
              ),
              ...Array.from({ length: findings }, () =>
                violation({ ...given, enforcementLevel: "advisory" }),
              ),
            ],
            notJudged: Array.from({ length: others }, () => ({
              what: name,
              reason: text,
              fix: text,
            })),
            remediations: Array.from({ length: others }, () => ({
              policy: name,
              pack: "p",
              description: "d",
              urn: urn ?? "",
              diagnostic: text,
            })),
            diagnostics: Array.from({ length: others }, () => ({
              severity: "warning",
              message: text,
            })),
          });
          const comment = toMarkdown(of);
          expect(comment.length).toBeLessThan(LIMIT);
          expect(comment.match(/^#+ [^\n]*/gm)?.[0]).toMatch(/^## (✅|❌) Preview of `/);
          expect(comment.endsWith("already deployed._\n")).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("hostile text stays text", () => {
  const hostile = '|a`b</details><script>*_[x](y)\\"\n```\n# c @octocat';
  const named = resource({
    type: "my:index:Si|te`<b>",
    name: hostile,
    parent: root,
    custom: false,
  });
  const text = toMarkdown(
    plan([root, named], {
      violations: [violation({ urn: named.urn, message: hostile, remediationSteps: hostile })],
      diagnostics: [{ severity: "warning", message: hostile }],
    }),
  );
  const S = "<span></span>";
  const escaped = `\\|a\\\`b&lt;/details&gt;&lt;script&gt;\\*\\_\\[x\\](y)\\\\"<br>\\\`\\\`\\\`<br>\\# c @${S}octocat`;

  const kind = "Si\\|te\\`&lt;b&gt;";

  test("in the table", () => {
    expect(text).toContain(`\n| create | my:index:${kind} | ${escaped} |\n`);
  });

  test("in violations, fixes and messages", () => {
    expect(text).toContain(`\n- **${kind} ${escaped}**: ${escaped}\n`);
    expect(text).toContain(`\n**Fix:** ${escaped}\n`);
    expect(text).toContain(`\n- warning: ${escaped}\n`);
  });

  test("in the names of the project, the stack and a rule, and in its URL", () => {
    const forged = "x`\n\n## forged";
    const url = "https://ok/)\n\n## forged";
    const found = [violation({ policy: forged, url })];
    const comment = toMarkdown(plan([root], { project: forged, stack: forged, violations: found }));
    const code = "`` x`\\x0a\\x0a## forged ``";
    expect(comment).toMatch(`## ❌ Preview of ${code}, stack ${code}\n`);
    expect(comment).toContain(`### 🛑 [${code}](https://ok/%29##%20forged)\n`);
  });

  test("only the comment's own markup remains", () => {
    const tags = text.match(/<[a-z/]+>/g)?.filter((tag) => !/^<br>|span>$/.test(tag));
    const one = ["<details>", "<summary>", "</summary>", "</details>"];
    expect(tags).toEqual([...one, ...one]);
    expect(text).not.toMatch(/^```/m);
    expect(text.match(/^#+ /gm)).toEqual(["## ", "### "]);
  });
});
