import { expect, test } from "vitest";
import { toTerminal } from "../../../cli/reports/terminal.ts";
import type { Plan } from "../../../local/plan.ts";
import { UNKNOWN, secret } from "../../../local/values.ts";
import type { Styles } from "../../../cli/styles.ts";
import { plan, policy, resource, stack, violation } from "../../support/plan.ts";

const same = (text: string) => text;
const PLAIN: Styles = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
const marked = (mark: string) => (text: string) => `<${mark}>${text}</${mark}>`;

const root = stack();
const lines = (of: Plan, seconds = 1.26) => toTerminal(of, seconds, PLAIN);

test("the smallest plan", () => {
  expect(lines(plan([root]))).toBe(`Preview of shop, stack dev  (offline, from empty)

    Type                 Name      Plan
 +  pulumi:pulumi:Stack  shop-dev  create

Resources  1 to create
Time       1.3 s
`);
});

test("the tree has branches for what comes after, and marks for what happens", () => {
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

test("outputs hide secrets and say what is unknown", () => {
  const text = lines(
    plan([
      stack({ text: "a", list: [1, UNKNOWN], id: UNKNOWN, key: secret("hunter2"), none: null }),
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

test("messages have their severity, and lines of theirs are indented", () => {
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

test("violations are grouped by rule, with the resource, the message and the remedy", () => {
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
  const text = lines(
    plan([root, hub, spoke], {
      packs: [
        {
          name: "house-rules",
          version: "1.0.0",
          policies: [policy(), policy({ level: "disabled" }), policy({ level: "advisory" })],
        },
      ],
      violations: [
        violation({ ...owner, urn: hub.urn }),
        violation({ ...owner, urn: spoke.urn, message: "two\nlines" }),
        violation({ policy: "few", description: "Few groups.", enforcementLevel: "advisory" }),
      ],
      remediations: [
        { policy: "team", pack: "house-rules", description: "d", urn: hub.urn },
        {
          policy: "team",
          pack: "house-rules",
          description: "d",
          urn: spoke.urn,
          diagnostic: "why",
        },
      ],
    }),
  );
  expect(text.slice(text.indexOf("Policies"))).toBe(`Policies
    remediated  team  ResourceGroup hub (index.ts:7)
    remediated  team  ResourceGroup spoke: why
    mandatory  has-owner (high)
        A group names its owner.
        - ResourceGroup hub (index.ts:7)
          The tag owner is missing.
        - ResourceGroup spoke
          two
          lines
        Fix: Name it.
        https://example.com/a
    advisory  few
        Few groups.
        - the stack
          The tag owner is missing.

Resources  3 to create
Policies   house-rules 1.0.0 (2 policies): 2 mandatory and 1 advisory violations
Time       1.3 s
`);
});

test("colours say what matters, around whole words", () => {
  const styles: Styles = {
    bold: marked("b"),
    dim: marked("d"),
    red: marked("r"),
    green: marked("g"),
    yellow: marked("y"),
    cyan: marked("c"),
  };
  const text = toTerminal(
    plan([root], {
      packs: [{ name: "p", version: "1", policies: [policy()] }],
      violations: [
        violation({ severity: "low" }),
        violation({ policy: "few", enforcementLevel: "advisory" }),
      ],
    }),
    1,
    styles,
  );
  expect(text).toContain(" <g>+</g>  pulumi:pulumi:Stack  shop-dev  <g>create</g>\n");
  expect(text).toContain("    <r>mandatory</r>  <b>has-owner</b><d> (low)</d>\n");
  expect(text).toContain("    <y>advisory</y>  <b>few</b>\n");
  expect(text).toContain("p 1 (1 policies): <r>1 mandatory and 1 advisory violations</r>\n");
});
