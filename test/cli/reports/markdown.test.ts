import { describe, expect, test } from "vitest";
import { toMarkdown } from "../../../cli/reports/markdown.ts";
import type { Plan, PlannedResource } from "../../../local/plan.ts";
import { plan, resource, stack, violation } from "../../support/plan.ts";

const root = stack();
const site = resource({ type: "my:index:Site", name: "site", custom: false, parent: root });
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

/** The lines of the picture. */
function picture(of: Plan): string[] {
  const [, text = ""] = /```mermaid\n([^]*?)\n```/.exec(toMarkdown(of)) ?? [];
  return text.split("\n");
}

test("a comment has the verdict, a picture, and the resources folded", () => {
  expect(toMarkdown(plan([root, group]))).toBe(`## ✅ Preview of \`shop\`, stack \`dev\`

| resources | mandatory violations | advisory violations |
| --- | --- | --- |
| 2 to create | 0 | 0 |

\`\`\`mermaid
flowchart LR
  n1["ResourceGroup hub"]
\`\`\`

<details><summary>Resources</summary>

| plan | type | name |
| --- | --- | --- |
| create | pulumi:pulumi:Stack | shop-dev |
| create | azure-native:resources:ResourceGroup | hub |

</details>

_Previewed offline and from empty: every resource shows as new, whatever is deployed already._
`);
});

test("violations, remediations and messages are told with the place and the remedy", () => {
  const text = toMarkdown(
    plan([root, group], {
      violations: [
        violation({
          severity: "high",
          urn: group.urn,
          remediationSteps: "Name *it*.",
          url: "https://example.com/a",
        }),
        violation({ policy: "few", enforcementLevel: "advisory", message: "two\nlines" }),
      ],
      remediations: [
        { policy: "team", pack: "p", description: "d", urn: group.urn },
        { policy: "team", pack: "p", description: "d", urn: root.urn, diagnostic: "a_b" },
      ],
      diagnostics: [
        { severity: "info#err", message: "noise" },
        { severity: "warning", message: "careful\nnow" },
      ],
    }),
  );
  expect(text).toContain(`## ❌ Preview of \`shop\`, stack \`dev\`

| resources | mandatory violations | advisory violations |
| --- | --- | --- |
| 2 to create | 1 | 1 |

### 🛑 [\`has-owner\`](https://example.com/a) (high)

A group names its owner.

- **ResourceGroup hub (index.ts:7)**: The tag owner is missing.

**Fix:** Name \\*it\\*.

### ⚠️ \`few\`

A group names its owner.

- **the stack**: two<br>lines

### 🔧 Remediated

- \`team\` on **ResourceGroup hub (index.ts:7)**
- \`team\` on **Stack shop-dev**: a\\_b

\`\`\`mermaid`);
  expect(text).toContain(`<details><summary>Messages</summary>

- warning: careful<br>now

</details>`);
  expect(text).not.toContain("noise");
});

test("advice alone is no refusal", () => {
  const advised = plan([root], { violations: [violation({ enforcementLevel: "advisory" })] });
  expect(toMarkdown(advised)).toMatch(/^## ✅ /);
});

describe("the picture", () => {
  test("has a box for each component of the top level, with everything below it inside", () => {
    const part = resource({ type: "my:index:Part", name: "part", custom: false, parent: site });
    const child = below(part, "child");
    const other = resource({ type: "my:index:Site", name: "other", custom: false, parent: root });
    const lone = resource({ type: "my:index:Site", name: "lone", custom: false, parent: root });
    expect(picture(plan([root, site, part, child, group, other, below(other, "x"), lone]))).toEqual(
      [
        "flowchart LR",
        '  subgraph n1["Site site"]',
        '    n2["Part part"]',
        '    n3["C child"]',
        "  end",
        '  n4["ResourceGroup hub"]',
        '  subgraph n5["Site other"]',
        '    n6["C x"]',
        "  end",
        '  n7["Site lone"]',
      ],
    );
  });

  test("has an arrow between boxes, once, from what is needed to what needs it", () => {
    const first = below(site, "first", { dependencies: [group.urn, root.urn] });
    const second = below(site, "second", { dependencies: [group.urn, first.urn, "urn:gone"] });
    const last = below(root, "last", { dependencies: [second.urn, group.urn] });
    expect(picture(plan([root, group, site, first, second, last])).slice(-3)).toEqual([
      "  n1 --> n2",
      "  n2 --> n5",
      "  n1 --> n5",
    ]);
  });

  test("of a large plan shows components closed", () => {
    const inside = Array.from({ length: 118 }, (_, i) => below(site, `c${i}`));
    const small = plan([root, site, ...inside]);
    expect(picture(small)).toHaveLength(1 + 2 + 118);
    const large = plan([root, site, ...inside, group]);
    expect(picture(large)).toEqual([
      "flowchart LR",
      '  n1["Site site, 118 resources"]',
      '  n120["ResourceGroup hub"]',
    ]);
  });

  test("of more boxes than anybody reads is left out", () => {
    const many = (length: number) =>
      plan([root, ...Array.from({ length }, (_, i) => below(root, `c${i}`))]);
    expect(picture(many(120))).toHaveLength(121);
    expect(toMarkdown(many(121))).not.toContain("mermaid");
    expect(toMarkdown(many(121))).toContain("_121 resources are too many for a picture._");
  });
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

test("a plan of 5,000 resources fits into a comment", () => {
  const parents = Array.from({ length: 100 }, (_, i) =>
    resource({ type: "my:index:Site", name: `site${i}`, custom: false, parent: root }),
  );
  const children = parents.flatMap((parent) =>
    Array.from({ length: 49 }, (_, i) => below(parent, `c${i}`, { dependencies: [group.urn] })),
  );
  const text = toMarkdown(plan([root, group, ...parents, ...children]));
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain('n2["Site site0, 49 resources"]');
});

describe("hostile text stays text", () => {
  const hostile = '|a`b</details><script>*_[x](y)\\"\n```\n# c';
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
  const escaped = '\\|a\\`b&lt;/details>&lt;script>\\*\\_\\[x\\](y)\\\\"<br>\\`\\`\\`<br># c';

  const kind = "Si\\|te\\`&lt;b>";

  test("in the table", () => {
    expect(text).toContain(`\n| create | my:index:${kind} | ${escaped} |\n`);
  });

  test("in violations, remedies and messages", () => {
    expect(text).toContain(`\n- **${kind} ${escaped}**: ${escaped}\n`);
    expect(text).toContain(`\n**Fix:** ${escaped}\n`);
    expect(text).toContain(`\n- warning: ${escaped}\n`);
  });

  test("in the picture", () => {
    expect(text).toContain(
      'n1["Si#124;te#96;#60;b#62; #124;a#96;b#60;/details#62;#60;script#62;#42;_#91;x#93;#40;y#41;#92;#34; #96;#96;#96; #35; c"]',
    );
  });

  test("so that only the comment's own markup is left", () => {
    expect(text.match(/<[a-z/]+>/g)?.filter((tag) => tag !== "<br>")).toEqual([
      "<details>",
      "<summary>",
      "</summary>",
      "</details>",
      "<details>",
      "<summary>",
      "</summary>",
      "</details>",
    ]);
    expect(text.match(/^```/gm)).toHaveLength(2);
    expect(text.match(/^#+ /gm)).toEqual(["## ", "### "]);
  });
});
