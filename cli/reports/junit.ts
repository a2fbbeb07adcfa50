import type { Plan, PolicyPackSummary, PolicySummary } from "../../offline/plan/plan.ts";
import type { Failure } from "./failure.ts";
import { escapeXml, escapeXmlAttribute } from "./markup.ts";
import type { Places } from "./places.ts";
import type { Previewed } from "./previewed.ts";
import { isCoveragePolicy } from "./summary.ts";
import type { Judgement, Unjudged, ViolatedPolicy } from "./summary.ts";

/**
 * Policy findings as JUnit XML: a suite for each pack and a test for each of its policies. A mandatory finding fails
 * the test; an advisory one is printed by it. A further suite holds what was not judged, as skipped tests. It has no
 * times, so the same program gives the same text.
 *
 * @see https://github.com/testmoapp/junitxml
 */
export function toJunit(plan: Plan, judgement: Judgement, places: Places): string {
  return written(plan, suitesOf(plan, judgement, places));
}

/** The same for several stacks, whose names begin those of the suites. */
export function severalToJunit(stacks: readonly Previewed[]): string {
  const names = stacks.map(({ plan: { stack } }) => stack).join(",");
  return written(
    { project: stacks[0]?.plan.project ?? "", stack: names },
    stacks.flatMap(({ plan, judgement, places }) =>
      suitesOf(plan, judgement, places).map((one) => ({
        ...one,
        name: `${plan.stack}: ${one.name}`,
      })),
    ),
  );
}

function suitesOf(plan: Plan, judgement: Judgement, places: Places): readonly Suite[] {
  return [
    ...plan.packs.map((pack) => suite(pack, judgement, places)),
    ...(judgement.notJudged.length === 0 ? [] : [notJudgedSuite(judgement.notJudged, places)]),
  ];
}

/** A suite with one test for each problem that stopped the preview. */
export function failureToJunit(failure: Failure): string {
  const cases = failure.problems.map(({ message, place }) => {
    const at = place === undefined ? {} : { file: place.file, line: place.line };
    const name = message.split("\n", 1)[0]?.slice(0, MAX_NAME) ?? "";
    const said = place === undefined ? message : `${place.file}:${place.line}: ${message}`;
    return tag("testcase", { classname: "preview", name, ...at }, [
      tag("error", { message: name, type: "preview-failed" }, escapeXml(said)),
    ]);
  });
  return written(failure, [
    { name: "preview", tests: cases.length, failures: 0, skipped: 0, errors: cases.length, cases },
  ]);
}

const MAX_NAME = 200;

function written(
  { project, stack }: { readonly project: string; readonly stack: string },
  suites: readonly Suite[],
): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag("testsuites", { name: `${project}/${stack}`, ...sum(suites) }, [
      ...suites.map(({ name, cases, ...numbers }) => tag("testsuite", { name, ...numbers }, cases)),
    ]),
  ]
    .join("\n")
    .concat("\n");
}

interface Numbers {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  readonly errors: number;
}

interface Suite extends Numbers {
  readonly name: string;
  readonly cases: readonly string[];
}

function sum(suites: readonly Suite[]): Numbers {
  const total = (key: keyof Numbers) => suites.reduce((before, suite) => before + suite[key], 0);
  return {
    tests: total("tests"),
    failures: total("failures"),
    skipped: total("skipped"),
    errors: total("errors"),
  };
}

function suite(pack: PolicyPackSummary, judgement: Judgement, places: Places): Suite {
  // Their findings are in the suite of what was not judged.
  const policies = pack.policies.filter((policy) => !isCoveragePolicy(policy));
  const of = (found: readonly ViolatedPolicy[], { name }: PolicySummary) =>
    found.filter((group) => group.pack === pack.name && group.policy === name);
  return {
    name: pack.name,
    tests: policies.length,
    failures: policies.filter((policy) => of(judgement.stopping, policy).length > 0).length,
    skipped: policies.filter(({ level }) => level === "disabled").length,
    errors: 0,
    cases: policies.map((policy) =>
      testCase(
        pack,
        policy,
        of(judgement.stopping, policy).map((group) => told(group, policy, places)),
        of(judgement.advising, policy).map((group) => told(group, policy, places)),
      ),
    ),
  };
}

function testCase(
  { name: classname }: PolicyPackSummary,
  { name, level, description, severity }: PolicySummary,
  stopping: readonly string[],
  advising: readonly string[],
): string {
  const failure = { message: description, type: severity ?? "mandatory" };
  return tag("testcase", { classname, name }, [
    ...(level === "disabled" ? [tag("skipped", { message: "disabled" })] : []),
    ...stopping.map((text) => tag("failure", failure, escapeXml(text))),
    ...advising.map((text) => tag("system-out", {}, escapeXml(text))),
  ]);
}

function notJudgedSuite(items: readonly Unjudged[], places: Places): Suite {
  const stopping = items.filter(({ stops }) => stops).length;
  return {
    name: "not judged",
    tests: items.length,
    failures: stopping,
    skipped: items.length - stopping,
    errors: 0,
    cases: items.map((item) => {
      const { reason, fix, policy = "not-judged", stops } = item;
      const text = [reason, ...(fix === undefined ? [] : [`Fix: ${fix}`])].join("\n");
      return tag("testcase", { classname: policy, name: places.whatIs(item) }, [
        stops
          ? tag("failure", { message: "not judged", type: "not-judged" }, escapeXml(text))
          : tag("skipped", { message: text }),
      ]);
    }),
  };
}

/** The findings of a policy, and how to fix them. */
function told(
  { violations }: ViolatedPolicy,
  { remediationSteps, url }: PolicySummary,
  places: Places,
): string {
  return [
    ...violations.map(({ urn, message }) => `${places.whereIs(urn, message)}: ${message}`),
    ...(remediationSteps === undefined ? [] : [`Fix: ${remediationSteps}`]),
    ...(url === undefined ? [] : [url]),
  ].join("\n");
}

/** An element with text, which is already XML, or with child elements on separate lines. */
function tag(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | readonly string[] = "",
): string {
  const head = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXmlAttribute(String(value))}"`)
    .join("");
  if (content.length === 0) return `<${name}${head}/>`;
  const inner = typeof content === "string" ? content : `\n${content.join("\n")}\n`;
  return `<${name}${head}>${inner}</${name}>`;
}
