import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { DAY } from "../../policy/engine/exceptions.ts";
import { meshCoverage } from "../../policy/engine/meshCoverage.ts";
import { meshExceptions } from "../../policy/engine/meshExceptions.ts";
import type { Rule } from "../../policy/engine/rule.ts";
import { meshScope } from "../../policy/engine/scope.ts";
import { rules } from "../../policy/rules.ts";
import { table } from "./printed.ts";

const POLICY = join(__dirname, "../../policy");

type Documented = Pick<
  Rule,
  | "name"
  | "displayName"
  | "description"
  | "severity"
  | "remediationSteps"
  | "url"
  | "tags"
  | "framework"
  | "config"
> &
  Partial<Pick<Rule, "remediate">>;

/** What docs/policies.md prints from the rules, by the name of its place there. */
export function policyReference(): Readonly<Record<string, string>> {
  const areas = new Map<string, Rule[]>();
  for (const rule of rules) {
    const [area = ""] = rule.tags;
    areas.set(area, [...(areas.get(area) ?? []), rule]);
  }
  const own: readonly Documented[] = [
    meshScope,
    { ...meshCoverage, config: {} },
    { ...meshExceptions, config: {} },
  ];
  return {
    index: index(),
    ...Object.fromEntries(
      [...areas].map(([area, ofArea]) => [
        area,
        ofArea.map((rule) => `${section(rule)}\n\n${examples(area, rule)}`).join("\n\n"),
      ]),
    ),
    "of the pack": own.map(section).join("\n\n"),
  };
}

function index(): string {
  return table(
    ["rule", "requires", "severity", "recommended", "strict", "remediates"],
    rules.map((rule) => [
      `[${rule.name}](#${rule.name})`,
      escaped(rule.displayName),
      rule.severity,
      levelOf(rule, "recommended"),
      levelOf(rule, "strict"),
      rule.remediate === undefined ? "" : "yes",
    ]),
  );
}

function section(rule: Documented): string {
  const { framework, tags } = rule;
  const elsewhere = tags.slice(1).map((tag) => `\`${tag}\``);
  if (framework !== undefined) elsewhere.push(`${framework.name} ${framework.reference}`);
  return [
    `### ${rule.name}`,
    `**${escaped(rule.displayName)}.** ${escaped(rule.description)}`,
    [
      `- Severity ${rule.severity}; ${levelOf(rule, "recommended")} in the profile \`recommended\`, ${levelOf(rule, "strict")} in \`strict\`.`,
      ...(rule.remediate === undefined
        ? []
        : ["- At the level `remediate`, it fixes what it safely can."]),
      `- To fix it: ${escaped(rule.remediationSteps)}`,
      `- Why: <${rule.url}>`,
      ...(elsewhere.length === 0 ? [] : [`- Elsewhere: ${elsewhere.join(", ")}`]),
    ].join("\n"),
    ...settings(rule),
  ].join("\n\n");
}

function levelOf({ name }: Documented, profile: string): string {
  const file = join(POLICY, "profiles", `${profile}.json`);
  const level = (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>)[name];
  if (level === undefined) throw new Error(`The profile ${profile} has no level for ${name}.`);
  return level;
}

function settings({ config }: Documented): string[] {
  const rows = Object.entries(config).map(([name, schema]) => [
    `\`${name}\``,
    typeOf(schema),
    "default" in schema ? `\`${JSON.stringify(schema.default)}\`` : "",
    bounds(schema).join("<br>"),
    escaped(schema.description ?? ""),
  ]);
  return rows.length === 0
    ? []
    : [table(["setting", "type", "default", "bounds", "description"], rows)];
}

interface Schema {
  readonly type?: unknown;
  readonly items?: unknown;
}

function typeOf({ type, items }: Schema): string {
  const of = typeof items === "object" && items !== null ? ` of ${typeOf(items)}s` : "";
  return `${String(type)}${of}`;
}

const BOUNDS = [
  "enum",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "uniqueItems",
  "maxProperties",
  "required",
];

/** What a schema asks of a value, each as `place.keyword: value`, without the words that only nest. */
function bounds(schema: object, place = ""): string[] {
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (BOUNDS.includes(key)) {
      const day = key === "pattern" && String(value).includes(DAY);
      return [`\`${place}${day ? "format: YYYY-MM-DD" : `${key}: ${inWords(value)}`}\``];
    }
    if (typeof value !== "object" || value === null || key === "default") return [];
    return bounds(value, key === "properties" ? place : `${place}${key}.`);
  });
}

function inWords(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** As the tests read them, and as their files write them. */
function examples(area: string, { name }: Rule): string {
  const file = join(POLICY, "examples", area, `${name}.yaml`);
  const document = parseDocument(readFileSync(file, "utf8"));
  const example = (key: string) =>
    ["```yaml", stringify(document.get(key, true), { lineWidth: 0 }).trimEnd(), "```"].join("\n");
  const today: unknown = document.get("today");
  const bad = typeof today === "string" ? `Bad, on ${today}:` : "Bad:";
  return ["Good:", example("good"), bad, example("bad")].join("\n\n");
}

/** Text of a rule as Markdown that shows it as it is. */
function escaped(text: string): string {
  return text.replaceAll("<", "&lt;").replace(/[\\`*_[\]]/g, (character) => `\\${character}`);
}
