import { describe, expect, test } from "vitest";
import { toTerminal } from "../../../cli/reports/terminal.ts";
import type { Plan } from "../../../offline/plan/plan.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import type { Styles } from "../../../cli/output/styles.ts";
import { plan, policy, resource, stack, violation } from "../../support/plan.ts";
import { reported } from "../../support/reports.ts";

const same = (text: string) => text;
const PLAIN: Styles = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
const marked = (mark: string) => (text: string) => `<${mark}>${text}</${mark}>`;

const root = stack();
const APPEARANCE = { styles: PLAIN, width: 80, details: false, seconds: 1.26 };
const lines = (
  of: Plan,
  more: Partial<typeof APPEARANCE> = {},
  given: Parameters<typeof reported>[1] = {},
) => toTerminal(...reported(of, given), { ...APPEARANCE, ...more });

test("the smallest plan", () => {
  expect(lines(plan([root]))).toBe(`Preview of shop, stack dev  (offline, first deployment)

    Type                 Name      Plan
 +  pulumi:pulumi:Stack  shop-dev  create

Resources  1 to create
Time       1.3 s
`);
});

test("the tree draws branches for later siblings, and marks operations", () => {
  const site = resource({ type: "my:index:Site", name: "site", custom: false, parent: root });
  const part = resource({ type: "my:index:Part", name: "part", custom: false, parent: site });
  const tree = plan([
    root,
    resource({ type: "a:b:C", name: "first", parent: root, op: "import", id: "id" }),
    site,
    part,
    resource({ type: "a:b:C", name: "leaf", parent: part }),
    resource({ type: "a:b:Longer", name: "last of the site", parent: site }),
    resource({ type: "a:b:C", name: "hub", parent: root, op: "read", id: "id" }),
    resource({ type: "a:b:C", name: "orphan" }),
  ]);
  expect(lines(tree).split("\n").slice(2, -4)).toEqual([
    "    Type                 Name              Plan",
    " +  pulumi:pulumi:Stack  shop-dev          create",
    " =  ├─ a:b:C             first             import",
    " +  ├─ my:index:Site     site              create",
    " +  │  ├─ my:index:Part  part              create",
    " +  │  │  └─ a:b:C       leaf              create",
    " +  │  └─ a:b:Longer     last of the site  create",
    " >  └─ a:b:C             hub               read",
    " +  a:b:C                orphan            create",
  ]);
  expect(lines(tree)).toContain("\nResources  6 to create, 1 to import, 1 to read\n");
});

test("the tree shows the contents of a resource, which do not count as resources", () => {
  const release = resource({ type: "my:index:Release", name: "web", parent: root });
  const contents = [resource({ type: "a:b:C", name: "inside", parent: release })];
  const text = lines(plan([root, release], { contents }));
  expect(text.split("\n").slice(2, -4)).toEqual([
    "    Type                 Name      Plan",
    " +  pulumi:pulumi:Stack  shop-dev  create",
    " +  └─ my:index:Release  web       create",
    " ·     └─ a:b:C          inside    content",
  ]);
  expect(text).toContain("\nResources  2 to create, and 1 object as contents\n");
});

test("outputs mask secrets and mark unknown values", () => {
  const text = lines(
    plan([
      stack({ text: "a", list: [1, UNKNOWN], id: UNKNOWN, key: markSecret("hunter2"), none: null }),
    ]),
  );
  expect(text).toContain(`
Outputs
    text: "a"
    list: [1,"[unknown]"]
    id: [unknown]
    key: "[secret]"
    none: null

Resources`);
});

test("messages have their severity, and continuation lines are indented", () => {
  const text = lines(
    plan([root], {
      diagnostics: [
        { severity: "info", message: "printed\n" },
        { severity: "info#err", message: "one\ntwo" },
        { severity: "warning", message: "careful" },
        { severity: "error", message: "no" },
      ],
    }),
  );
  expect(text).toContain(`
Messages
    info: printed
    info: one
    two
    warning: careful
    error: no

Resources`);
});

describe("the findings", () => {
  const hub = resource({
    type: "azure-native:resources:ResourceGroup",
    name: "hub",
    sourcePosition: "project:///index.ts#7,1",
  });
  const spoke = resource({ type: "azure-native:resources:ResourceGroup", name: "spoke" });
  const owner = {
    severity: "high",
    remediationSteps: "Name it.",
    url: "https://example.com/a",
  } as const;
  const packs = [
    {
      name: "house-rules",
      version: "1.0.0",
      policies: [
        policy(),
        policy({ level: "disabled" }),
        policy({ level: "advisory" }),
        policy({ name: "coverage", tags: ["not-judged"] }),
      ],
    },
  ];
  const few = { policy: "few", description: "Few groups.", enforcementLevel: "advisory" } as const;
  const unseen = {
    policy: "coverage",
    enforcementLevel: "advisory",
    message: "No\ncluster.",
  } as const;
  const found = plan([root, hub, spoke], {
    packs,
    violations: [
      violation({ ...owner, urn: hub.urn }),
      violation({ ...owner, urn: spoke.urn, message: "two\nlines" }),
      violation(few),
      violation({ ...few, policy: "longer-name", severity: "medium", urn: hub.urn }),
      violation({ ...few, policy: "longer-name", severity: "medium", urn: hub.urn, message: "b" }),
      violation({ ...few, policy: "longer-name", severity: "medium", urn: spoke.urn }),
      violation({ ...unseen, urn: hub.urn }),
      violation({ ...unseen, urn: spoke.urn }),
    ],
    notJudged: [
      { what: "chart (2 calls)", reason: "Only a provider expands it.", fix: "Render it." },
    ],
    remediations: [
      { policy: "team", pack: "house-rules", description: "d", urn: hub.urn },
      { policy: "team", pack: "house-rules", description: "d", urn: spoke.urn, diagnostic: "why" },
    ],
  });

  test("end with mandatory ones in full, and have one line per rule for advice", () => {
    const text = lines(found);
    expect(text.slice(text.indexOf("Remediated"))).toBe(`Remediated by policies
    team  ResourceGroup hub (index.ts:7)
    team  ResourceGroup spoke: why

Advice  4 findings of 2 rules; show all with --details
    longer-name  medium      3  ResourceGroup hub (index.ts:7) and 1 more
    few                      1  the stack

Not judged  3
    ResourceGroup hub (index.ts:7), ResourceGroup spoke
        No
        cluster.
    chart (2 calls)
        Only a provider expands it.
        Fix: Render it.

Stops the deployment  2 findings of 1 rule
    mandatory  has-owner (high)
        A group names its owner.
        - ResourceGroup hub (index.ts:7)
          The tag owner is missing.
        - ResourceGroup spoke
          two
          lines
        Fix: Name it.
        https://example.com/a

Resources  3 to create
Policies   house-rules 1.0.0 (3 policies): 2 mandatory and 4 advisory violations, 3 not judged
Time       1.3 s
`);
  });

  test("include advice in full on request", () => {
    const text = lines(found, { details: true });
    expect(text.slice(text.indexOf("Advice"), text.indexOf("Stops")))
      .toBe(`Advice  4 findings of 2 rules
    advisory  longer-name (medium)
        Few groups.
        - ResourceGroup hub (index.ts:7)
          The tag owner is missing.
        - ResourceGroup hub (index.ts:7)
          b
        - ResourceGroup spoke
          The tag owner is missing.
    advisory  few
        Few groups.
        - the stack
          The tag owner is missing.

Not judged  3
    ResourceGroup hub (index.ts:7)
    ResourceGroup spoke
        No
        cluster.
    chart (2 calls)
        Only a provider expands it.
        Fix: Render it.

`);
  });

  test.each([
    [83, "ResourceGroup hub (index.ts:7), ResourceGroup spoke"],
    [82, "ResourceGroup hub (index.ts:7) and 1 more"],
    [64, "ResourceGroup hub (i… and 1 more"],
    [20, "ResourceGroup hub (… and 1 more"],
  ])("fit a screen of %d characters", (width, where) => {
    expect(lines(found, { width })).toContain(`    longer-name  medium      3  ${where}\n`);
  });

  test("show a common fix once", () => {
    const unseen = ["a", "b"].map((what) => ({ what, reason: `No ${what}.`, fix: "Name it." }));
    const notJudged = [...unseen, { what: "c", reason: "No c.", fix: "Drop it." }];
    expect(lines(plan([root], { notJudged }))).toContain(`
    a
        No a.
    b
        No b.
        Fix: Name it.
    c
        No c.
        Fix: Drop it.
`);
  });

  test("say that a coverage gap stops the run", () => {
    expect(lines(found, {}, { requireJudged: true })).toContain(
      "Not judged  3, which stops the deployment\n",
    );
    const [first, ...others] = found.violations.slice(-2);
    const mandatory = {
      ...found,
      violations: [
        { ...(first ?? violation()), enforcementLevel: "mandatory" as const },
        ...others,
      ],
    };
    expect(lines(mandatory)).toContain("Not judged  3, 1 of which stops the deployment\n");
  });

  test("and warnings name the setting that causes them", () => {
    const namespace = resource({
      type: "aks-istio:index:MeshNamespace",
      name: "store",
      parent: root,
    });
    const inner = resource({
      type: "kubernetes:core/v1:Namespace",
      name: "store",
      parent: namespace,
    });
    const text = lines(
      plan([root, namespace, inner], {
        violations: [violation({ urn: inner.urn })],
        diagnostics: [{ severity: "warning", message: "shop:namespaces.store: is odd" }],
      }),
      {},
      { stackFile: "config:\n  shop:namespaces:\n    store: {}\n" },
    );
    expect(text).toContain("        - Namespace store (Pulumi.dev.yaml:3)\n");
    expect(text).toContain("    warning: Pulumi.dev.yaml:3: shop:namespaces.store: is odd\n");
  });
});

test("foreign text controls neither the terminal nor a CI system", () => {
  const hostile = "x\n::error::forged\u001b[2J ##[error]y";
  const named = resource({ type: `a:b:${hostile}`, name: hostile, parent: root });
  const text = lines(
    plan([stack({ [hostile]: "\u009b1m" }), named], {
      project: hostile,
      stack: hostile,
      packs: [{ name: hostile, version: hostile, policies: [policy()] }],
      diagnostics: [{ severity: "info", message: hostile }],
      violations: (["mandatory", "advisory"] as const).map((enforcementLevel) =>
        violation({
          enforcementLevel,
          policy: hostile,
          urn: named.urn,
          message: hostile,
          description: hostile,
          remediationSteps: hostile,
          url: hostile,
        }),
      ),
      notJudged: [{ what: hostile, reason: hostile, fix: hostile }],
      remediations: [
        { policy: hostile, pack: "p", description: "d", urn: named.urn, diagnostic: hostile },
      ],
    }),
    { details: true },
  );
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(text).not.toMatch(/^\s*::/m);
  expect(text).not.toContain("##[");
  // A name stays on its row.
  expect(text).toContain(" +  └─ a:b:x\\x0a::error::forged\\x1b[2J \\x23#[error]y  ");
});

test("columns are as wide as their content, up to a limit", () => {
  const long = resource({ type: "a:b:C", name: "n".repeat(5_000), parent: root });
  const short = resource({ type: "a:b:C", name: "short", parent: root });
  const [, , head = "", , , row = ""] = lines(plan([root, long, short])).split("\n");
  expect(head).toBe(`    Type                 Name${" ".repeat(76)}  Plan`);
  expect(row).toBe(` +  └─ a:b:C             short${" ".repeat(75)}  create`);
});

test("colours highlight the important parts, in whole words", () => {
  const styles: Styles = {
    bold: marked("b"),
    dim: marked("d"),
    red: marked("r"),
    green: marked("g"),
    yellow: marked("y"),
    cyan: marked("c"),
  };
  const coloured = plan([root], {
    packs: [{ name: "p", version: "1", policies: [policy()] }],
    violations: [
      violation({ severity: "low" }),
      violation({ policy: "few", enforcementLevel: "advisory" }),
    ],
    notJudged: [{ what: "w", reason: "r" }],
  });
  const text = toTerminal(...reported(coloured, { requireJudged: true }), {
    ...APPEARANCE,
    styles,
  });
  expect(text).toContain(" <g>+</g>  pulumi:pulumi:Stack  shop-dev  <g>create</g>\n");
  expect(text).toContain("    <r>mandatory</r>  <b>has-owner</b><d> (low)</d>\n");
  expect(text).toContain("<b>Advice</b>  1 finding of 1 rule<d>; show all with --details</d>\n");
  expect(text).toContain("<b>Not judged</b>  1<r>, which stops the deployment</r>\n");
  expect(text).toContain(
    "p 1 (1 policies): <r>1 mandatory and 1 advisory violations, 1 not judged</r>\n",
  );
});
