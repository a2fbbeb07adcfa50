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

/** Policies of the pack itself, which are about its coverage and not about what is deployed. */
const OWN: readonly Documented[] = [
  meshScope,
  { ...meshCoverage, config: {} },
  { ...meshExceptions, config: {} },
];

/** The page of every policy, by its name. */
export function policyPages(): ReadonlyMap<string, string> {
  return new Map([
    ...rules.map((rule): [string, string] => [rule.name, page(rule, examples(rule))]),
    ...OWN.map((policy): [string, string] => [policy.name, page(policy)]),
  ]);
}

/** The parts of docs/policies.md that are printed from the rules, by name. */
export function policyIndex(): Readonly<Record<string, string>> {
  return { index: index(rules), "of the pack": index(OWN) };
}

function index(policies: readonly Documented[]): string {
  return table(
    ["policy", "requires", "severity", "recommended", "strict", "remediates"],
    policies.map((policy) => [
      `[${policy.name}](policies/${policy.name}.md)`,
      escaped(policy.displayName),
      policy.severity,
      levelOf(policy, "recommended"),
      levelOf(policy, "strict"),
      policy.remediate === undefined ? "" : "yes",
    ]),
  );
}

function page(policy: Documented, ...examplesOf: readonly string[]): string {
  const { framework, tags } = policy;
  const elsewhere = tags.slice(1).map((tag) => `\`${tag}\``);
  if (framework !== undefined) elsewhere.push(`${framework.name} ${framework.reference}`);
  return [
    `<!-- Printed from the code by npx vitest run test/docs --update. -->`,
    `# ${policy.name}`,
    `**${escaped(policy.displayName)}.** ${escaped(policy.description)}`,
    levels(policy),
    "## Fix",
    escaped(policy.remediationSteps),
    ...(policy.remediate === undefined
      ? []
      : ["At the level `remediate`, the policy fixes what it safely can."]),
    ...settings(policy),
    ...examplesOf,
    "## Why",
    `See <${policy.url}>.`,
    ...(elsewhere.length === 0 ? [] : [`Related rules elsewhere: ${elsewhere.join(", ")}.`]),
    ...exception(policy),
    "[All policies](../policies.md)",
  ].join("\n\n");
}

function levels(policy: Documented): string {
  const profiles = ["recommended", "strict", "advisory"];
  return table(
    ["severity", ...profiles.map((profile) => `level in \`${profile}\``)],
    [[policy.severity, ...profiles.map((profile) => levelOf(policy, profile))]],
  );
}

/** How to exempt a resource; the policies about exceptions and scope allow no exemption. */
function exception({ name }: Documented): string[] {
  if (name === meshScope.name || name === meshExceptions.name) return [];
  const entry = {
    rule: name,
    resource: "TYPE::NAME",
    reason: "Why it is acceptable.",
    until: "YYYY-MM-DD",
  };
  const config = { "mesh-scope": { exceptions: [entry] } };
  return [
    "## Exception",
    "To exempt a resource until a day, put this into the file that `--policy-pack-config` names ([details](../../policy/profiles/README.md#exceptions)):",
    ["```json", JSON.stringify(config, undefined, 2), "```"].join("\n"),
  ];
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
    : ["## Settings", table(["setting", "type", "default", "bounds", "description"], rows)];
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

/** The constraints of a schema on a value, each as `place.keyword: value`, without the keywords that only nest. */
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

/** As the tests read them, and as their files contain them. */
function examples({ name, tags: [area = ""] }: Rule): string {
  const file = join(POLICY, "examples", area, `${name}.yaml`);
  const document = parseDocument(readFileSync(file, "utf8"));
  const example = (key: string) =>
    ["```yaml", stringify(document.get(key, true), { lineWidth: 0 }).trimEnd(), "```"].join("\n");
  const today: unknown = document.get("today");
  const day = typeof today === "string" ? [`Judged on ${today}:`] : [];
  return ["## Good", example("good"), "## Bad", ...day, example("bad")].join("\n\n");
}

/** Escapes the text of a rule, so Markdown shows it unchanged. */
function escaped(text: string): string {
  return text.replaceAll("<", "&lt;").replace(/[\\`*_[\]]/g, (character) => `\\${character}`);
}
