import type { Plan, PolicyPackSummary, PolicySummary, PolicyViolation } from "../../local/plan.ts";
import { inXml, inXmlAttribute } from "./markup.ts";
import { whereIs } from "./summary.ts";

/**
 * What the policies found, in the format of JUnit: a suite for each pack and a test for each of its policies, which
 * fails for what stops a deployment and prints what only advises. There are no times: the same program gives the same
 * text.
 *
 * @see https://github.com/testmoapp/junitxml
 */
export function toJunit(plan: Plan): string {
  const suites = plan.packs.map((pack) => suite(plan, pack));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag("testsuites", { name: `${plan.project}/${plan.stack}`, ...sum(suites) }, [
      ...suites.map(({ name, cases, ...numbers }) =>
        tag("testsuite", { name, ...numbers, errors: 0 }, cases),
      ),
    ]),
  ]
    .join("\n")
    .concat("\n");
}

interface Numbers {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
}

interface Suite extends Numbers {
  readonly name: string;
  readonly cases: readonly string[];
}

function sum(suites: readonly Suite[]): Numbers {
  const total = (key: keyof Numbers) => suites.reduce((before, suite) => before + suite[key], 0);
  return { tests: total("tests"), failures: total("failures"), skipped: total("skipped") };
}

function suite(plan: Plan, pack: PolicyPackSummary): Suite {
  const found = plan.violations.filter(({ pack: name }) => name === pack.name);
  const stopping = found.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
  return {
    name: pack.name,
    tests: pack.policies.length,
    failures: new Set(stopping.map(({ policy }) => policy)).size,
    skipped: pack.policies.filter(({ level }) => level === "disabled").length,
    cases: pack.policies.map((policy) =>
      testCase(
        plan,
        pack,
        policy,
        found.filter((violation) => violation.policy === policy.name),
      ),
    ),
  };
}

function testCase(
  plan: Plan,
  { name: classname }: PolicyPackSummary,
  policy: PolicySummary,
  violations: readonly PolicyViolation[],
): string {
  const stopping = violations.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
  const advising = violations.filter(({ enforcementLevel }) => enforcementLevel !== "mandatory");
  return tag("testcase", { classname, name: policy.name }, [
    ...(policy.level === "disabled" ? [tag("skipped", { message: "disabled" })] : []),
    ...(stopping.length === 0
      ? []
      : [
          tag(
            "failure",
            { message: policy.description, type: policy.severity ?? "mandatory" },
            inXml(told(plan, policy, stopping)),
          ),
        ]),
    ...(advising.length === 0 ? [] : [tag("system-out", {}, inXml(told(plan, policy, advising)))]),
  ]);
}

/** What was found, and what to do about it. */
function told(
  plan: Plan,
  { remediationSteps, url }: PolicySummary,
  violations: readonly PolicyViolation[],
): string {
  return [
    ...violations.map(({ urn, message }) => `${whereIs(plan, urn)}: ${message}`),
    ...(remediationSteps === undefined ? [] : [`Fix: ${remediationSteps}`]),
    ...(url === undefined ? [] : [url]),
  ].join("\n");
}

/** An element with text, which is XML already, or with elements, each on lines of its own. */
function tag(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | readonly string[] = "",
): string {
  const head = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${inXmlAttribute(String(value))}"`)
    .join("");
  if (content.length === 0) return `<${name}${head}/>`;
  const inner = typeof content === "string" ? content : `\n${content.join("\n")}\n`;
  return `<${name}${head}>${inner}</${name}>`;
}
