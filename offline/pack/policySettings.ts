import Ajv from "ajv";
import type { ErrorObject } from "ajv";
import { closest } from "../../text/suggest.ts";
import { UsageError, messageOf } from "../errors.ts";
import type { EnforcementLevel } from "../plan/plan.ts";
import { readText } from "../project/textFile.ts";
import type { Properties, Value } from "../plan/values.ts";

/** How a pack's policies run: the settings of `--policy-pack-config` override the pack's own. */
export type PolicySettings = ReadonlyMap<string, PolicySetting>;

export interface PolicySetting {
  readonly level: EnforcementLevel;
  readonly properties: Properties;
}

export const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;

/** Maximum number of list items in a message. */
const LISTED = 10;

/** Shared, because each instance would compile the meta-schema again. */
const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, addUsedSchema: false });

/** The settings of each policy in a `--policy-pack-config` file. */
export type PolicyConfigFile = Readonly<Record<string, PolicyConfigEntry>>;

interface PolicyConfigEntry {
  readonly enforcementLevel?: EnforcementLevel;
  readonly [setting: string]: Value;
}

/** The key that makes the Pulumi CLI open Pulumi ESC environments. */
const ENVIRONMENTS = "environments";

/**
 * Reads a `--policy-pack-config` file the way the Pulumi CLI does; an empty file has no settings.
 *
 * @see https://www.pulumi.com/docs/insights/policy/configuration/
 * @throws UsageError
 */
export function readPolicyConfig(path: string): PolicyConfigFile {
  const text = readText(path);
  if (text.trim() === "") return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not valid JSON: ${messageOf(error)}`);
  }
  if (!isObject(json)) {
    throw new UsageError(
      `${path} must be an object with policy names as keys, but is ${kindOf(json)}.`,
    );
  }
  const problems: string[] = [];
  const entries = Object.entries(json).map(([name, value]) => {
    const entry = typeof value === "string" ? { enforcementLevel: value } : value;
    const problem = entryProblem(name, value);
    if (problem !== undefined) problems.push(`${path}: ${name}${problem}`);
    return [name, entry] as const;
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  // Each entry has been checked.
  return Object.fromEntries(entries) as PolicyConfigFile;
}

/** What is wrong with the entry of a policy, as text to append to its name. */
function entryProblem(name: string, value: unknown): string | undefined {
  if (name === ENVIRONMENTS && Array.isArray(value)) {
    return " of Pulumi ESC cannot be opened offline. Add their policy settings to the file.";
  }
  if (typeof value === "string") return levelProblem(value);
  if (!isObject(value)) {
    return ` must be one of ${LEVELS.join(", ")}, or an object with enforcementLevel and the policy's own settings, but is ${kindOf(value)}.`;
  }
  const level = value["enforcementLevel"];
  const problem = level === undefined ? undefined : levelProblem(level);
  return problem === undefined ? undefined : `.enforcementLevel${problem}`;
}

function levelProblem(value: unknown): string | undefined {
  if (typeof value !== "string") {
    return ` must be one of ${LEVELS.join(", ")}, but is ${kindOf(value)}.`;
  }
  if (LEVELS.some((level) => level === value)) return undefined;
  const near = closest(value, LEVELS);
  return ` is ${JSON.stringify(value)}, but must be one of ${LEVELS.join(", ")}.${near === undefined ? "" : ` Did you mean ${near}?`}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `the ${typeof value} ${JSON.stringify(value)}`;
}

/** A policy as its pack describes it. */
export interface DescribedPolicy {
  readonly name: string;
  readonly level: EnforcementLevel;
  /** The JSON schema of its settings; absent if the pack does not say. */
  readonly schema?: { readonly properties: Properties; readonly required?: readonly string[] };
  /** The pack's own configuration of the policy. */
  readonly initial?: { readonly level: EnforcementLevel; readonly properties: Properties };
}

export interface DescribedPack {
  readonly name: string;
  readonly policies: readonly DescribedPolicy[];
}

/**
 * The level and properties of every policy, in the engine's order of precedence: the file, the pack's own
 * configuration, the policy's defaults. `all` in a file sets the level of policies that the file does not name.
 *
 * @throws UsageError for an unknown policy or setting, or a value that its schema rejects
 */
export function resolvePolicySettings(
  { name: pack, policies }: DescribedPack,
  config: PolicyConfigFile,
): PolicySettings {
  const names = policies.map(({ name }) => name);
  const problems = Object.keys(config)
    .filter((name) => name !== "all" && !names.includes(name))
    .map((name) => unknownPolicy(name, names, pack));

  // A finding refers to its policy by name, so a duplicate could get the wrong level.
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
    problems.push(`pack ${pack} has several policies named ${name}.`);
  }

  const settings = new Map<string, PolicySetting>();
  for (const policy of policies) {
    const { name, level, initial } = policy;
    const given = Object.hasOwn(config, name) ? config[name] : undefined;
    const { enforcementLevel, ...properties } = given ?? {};
    const merged = { ...defaultsOf(policy), ...initial?.properties, ...properties };
    settings.set(name, {
      level: enforcementLevel ?? config["all"]?.enforcementLevel ?? initial?.level ?? level,
      properties: merged,
    });
    problems.push(...unknownSettings(policy, properties), ...settingProblems(policy, merged));
  }
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return settings;
}

function unknownPolicy(name: string, names: readonly string[], pack: string): string {
  const near = closest(name, names);
  return `policy configuration: pack ${pack} has no policy ${name}${near === undefined ? "." : `; did you mean ${near}?`}`;
}

/** The engine silently ignores unknown settings, so the user would not notice a typo. */
function unknownSettings({ name, schema }: DescribedPolicy, properties: Properties): string[] {
  // Without a schema, the policy's settings are unknown.
  if (schema === undefined) return [];
  const known = Object.keys(schema.properties);
  return Object.keys(properties)
    .filter((setting) => !known.includes(setting))
    .map((setting) => {
      const near = closest(setting, known);
      return `policy configuration: ${name} has no setting ${setting}${near === undefined ? "." : `; did you mean ${near}?`}`;
    });
}

function defaultsOf({ schema }: DescribedPolicy): Properties {
  return Object.fromEntries(
    Object.entries(schema?.properties ?? {}).flatMap(([key, field]) =>
      typeof field === "object" && field !== null && "default" in field
        ? [[key, field["default"]]]
        : [],
    ),
  );
}

function settingProblems({ name, schema }: DescribedPolicy, properties: Properties): string[] {
  const { properties: fields = {}, required = [] } = schema ?? {};
  if (Object.keys(properties).length === 0 && required.length === 0) return [];
  try {
    if (ajv.validate({ type: "object", properties: fields, required }, properties)) return [];
  } catch (error) {
    return [`policy ${name}: its configSchema is not a valid JSON schema: ${messageOf(error)}`];
  }
  return (ajv.errors ?? []).map(
    (error) => `policy configuration: ${name}${error.instancePath}: ${refusal(error)}`,
  );
}

/** A list shortened to one line: its first items, and the number of the others. */
function fewOf(words: readonly string[]): string {
  const more = words.length - LISTED;
  return more > 0 ? `${words.slice(0, LISTED).join(", ")} and ${more} more` : words.join(", ");
}

/** Why the schema rejects a value, with a suggestion if there is a close match. */
function refusal({ keyword, message, params, data, parentSchema }: ErrorObject): string {
  const said = message ?? keyword;
  if (keyword === "enum" && typeof data === "string") {
    const allowed: unknown = params["allowedValues"];
    const words = Array.isArray(allowed) ? allowed.map(String) : [];
    const near = closest(data, words);
    return near === undefined
      ? `${JSON.stringify(data)} must be one of ${fewOf(words)}`
      : `${JSON.stringify(data)} is not an allowed value; did you mean ${near}?`;
  }
  if (keyword === "pattern" && typeof parentSchema?.["description"] === "string") {
    return `${JSON.stringify(data)} is not valid: ${parentSchema["description"]}`;
  }
  if (keyword === "additionalProperties") {
    const key = String(params["additionalProperty"]);
    const near = closest(key, Object.keys((parentSchema?.["properties"] ?? {}) as object));
    return `has no property ${key}${near === undefined ? "" : `; did you mean ${near}?`}`;
  }
  return said;
}
