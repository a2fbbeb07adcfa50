import { expect, test } from "vitest";
import { failureToJunit, toJunit as junit } from "../../../cli/reports/junit.ts";
import type { Plan } from "../../../offline/plan/plan.ts";
import { plan, policy, resource, stack, violation } from "../../support/plan.ts";
import { reported } from "../../support/reports.ts";

const toJunit = (of: Plan, requireJudged = false) => junit(...reported(of, { requireJudged }));

const root = stack();
const group = resource({
  type: "azure-native:resources:ResourceGroup",
  name: "hub",
  parent: root,
  sourcePosition: "project:///index.ts#7,1",
});

test("a pack is a suite, a policy a test: violations fail it, and advice is its output", () => {
  const owner = policy({
    severity: "high",
    remediationSteps: "Name it.",
    url: "https://example.com/a?b&c",
  });
  const text = toJunit(
    plan([root, group], {
      packs: [
        {
          name: "house-rules",
          version: "1.0.0",
          policies: [
            owner,
            policy({ name: "few", level: "advisory" }),
            policy({ name: "off", level: "disabled" }),
            policy({ name: "passes" }),
            policy({ name: "both" }),
          ],
        },
        { name: "other", version: "1.0.0", policies: [policy()] },
      ],
      violations: [
        violation({ policy: "both", description: "Both." }),
        violation({ urn: group.urn }),
        violation({ message: "It is missing\nin two." }),
        violation({ policy: "both", message: "c", enforcementLevel: "advisory" }),
        violation({ policy: "few", message: "a", enforcementLevel: "advisory", urn: group.urn }),
        violation({ policy: "few", message: "b", enforcementLevel: "advisory" }),
      ],
    }),
  );
  expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop/dev" tests="6" failures="2" skipped="1" errors="0">
<testsuite name="house-rules" tests="5" failures="2" skipped="1" errors="0">
<testcase classname="house-rules" name="has-owner">
<failure message="A group names its owner." type="high">ResourceGroup hub (index.ts:7): The tag owner is missing.
the stack: It is missing
in two.
Fix: Name it.
https://example.com/a?b&#38;c</failure>
</testcase>
<testcase classname="house-rules" name="few">
<system-out>ResourceGroup hub (index.ts:7): a
the stack: b</system-out>
</testcase>
<testcase classname="house-rules" name="off">
<skipped message="disabled"/>
</testcase>
<testcase classname="house-rules" name="passes"/>
<testcase classname="house-rules" name="both">
<failure message="A group names its owner." type="mandatory">the stack: The tag owner is missing.</failure>
<system-out>the stack: c</system-out>
</testcase>
</testsuite>
<testsuite name="other" tests="1" failures="0" skipped="0" errors="0">
<testcase classname="other" name="has-owner"/>
</testsuite>
</testsuites>
`);
});

test("without a pack there are no suites", () => {
  expect(toJunit(plan([root]))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop/dev" tests="0" failures="0" skipped="0" errors="0"/>
`);
});

test("an item that was not judged is skipped with the reason, or fails if it stops", () => {
  const partial = plan([root, group], {
    packs: [
      {
        name: "house-rules",
        version: "1",
        policies: [policy({ name: "coverage", level: "advisory", tags: ["not-judged"] })],
      },
    ],
    violations: [
      violation({
        policy: "coverage",
        enforcementLevel: "advisory",
        urn: group.urn,
        message: "Another cluster.",
        remediationSteps: "Name it.",
      }),
    ],
    notJudged: [{ what: "chart", reason: "Only a provider expands it." }],
  });
  expect(toJunit(partial)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop/dev" tests="2" failures="0" skipped="2" errors="0">
<testsuite name="house-rules" tests="0" failures="0" skipped="0" errors="0"/>
<testsuite name="not judged" tests="2" failures="0" skipped="2" errors="0">
<testcase classname="coverage" name="ResourceGroup hub (index.ts:7)">
<skipped message="Another cluster.&#10;Fix: Name it."/>
</testcase>
<testcase classname="not-judged" name="chart">
<skipped message="Only a provider expands it."/>
</testcase>
</testsuite>
</testsuites>
`);
  expect(toJunit(partial, true)).toContain(`tests="2" failures="2" skipped="0" errors="0">
<testcase classname="coverage" name="ResourceGroup hub (index.ts:7)">
<failure message="not judged" type="not-judged">Another cluster.
Fix: Name it.</failure>
`);
});

test("without a plan, every problem is a test with an error", () => {
  const place = { file: "Pulumi.dev.yaml", line: 3, column: 5 };
  const problems = [{ message: "shop:size: <b>\nis odd", place }, { message: "It ended." }];
  expect(failureToJunit({ project: "shop", stack: "dev", problems })).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop/dev" tests="2" failures="0" skipped="0" errors="2">
<testsuite name="preview" tests="2" failures="0" skipped="0" errors="2">
<testcase classname="preview" name="shop:size: &#60;b&#62;" file="Pulumi.dev.yaml" line="3">
<error message="shop:size: &#60;b&#62;" type="preview-failed">Pulumi.dev.yaml:3: shop:size: &#60;b&#62;
is odd</error>
</testcase>
<testcase classname="preview" name="It ended.">
<error message="It ended." type="preview-failed">It ended.</error>
</testcase>
</testsuite>
</testsuites>
`,
  );
});

const HOSTILE = "\"'><!--]]>&amp;\u0000\u001b[31m\r\n\ud800";

test("text from programs and packs does not become markup", () => {
  const named = resource({ type: `a:b:${HOSTILE}`, name: HOSTILE, parent: root });
  const text = toJunit(
    plan([root, named], {
      project: HOSTILE,
      packs: [
        {
          name: HOSTILE,
          version: "1",
          policies: [policy({ name: HOSTILE, description: HOSTILE, remediationSteps: HOSTILE })],
        },
      ],
      violations: (["mandatory", "advisory"] as const).map((enforcementLevel) =>
        violation({
          pack: HOSTILE,
          policy: HOSTILE,
          message: HOSTILE,
          urn: named.urn,
          enforcementLevel,
        }),
      ),
    }),
  );
  expect(elementsOf(text)).toEqual([
    "testsuites",
    "testsuite",
    "testcase",
    "failure",
    "/failure",
    "system-out",
    "/system-out",
    "/testcase",
    "/testsuite",
    "/testsuites",
  ]);
});

/** The XML tags in order, parsed strictly: anything other than a plain tag, text or reference is an error. */
function elementsOf(xml: string): string[] {
  const tokens =
    /<\?xml version="1\.0" encoding="UTF-8"\?>|<(?<tag>\/?[\w-]+)(?: [\w-]+="(?:[^<&"\p{Cc}]|&#\d+;)*")*\/?>|(?:[^<>&\p{Cc}\p{Cs}]|[\t\n]|&#\d+;)+/uy;
  const tags: string[] = [];
  while (tokens.lastIndex < xml.length) {
    const at = tokens.lastIndex;
    const match = tokens.exec(xml);
    if (match === null) throw new Error(`No XML from ${at}: ${xml.slice(at, at + 40)}`);
    if (match.groups?.["tag"] !== undefined) tags.push(match.groups["tag"]);
  }
  return tags;
}
