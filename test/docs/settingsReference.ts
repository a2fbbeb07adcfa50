import { stringify } from "yaml";
import { isSensitive } from "../../settings/core/secrets.ts";
import { NAME, everySetting } from "./stackSchema.ts";
import type { Schema, Setting } from "./stackSchema.ts";

/** The parts of docs/settings.md that are printed from the code, by name. */
export function settingsReference(): Readonly<Record<string, string>> {
  const all = everySetting();
  // The value of a label needs no heading: the entry of the labels describes it.
  const shown = all.filter(({ path, schema }) => path.at(-1) !== NAME || schema.properties);
  return {
    keys: shown
      .filter(({ path }) => path.length === 1)
      .map(({ path: [key = ""], schema }) => `- [\`${key}\`](#${key}): ${schema.description ?? ""}`)
      .join("\n"),
    settings: shown.map((setting) => entry(setting, all)).join("\n\n"),
  };
}

function entry({ path, schema, required }: Setting, all: readonly Setting[]): string {
  const example = exampleOf(path, schema, all);
  return [
    `${path.length === 1 ? "##" : "###"} \`${path.join(".")}\``,
    escaped(schema.description ?? ""),
    facts(path, schema, required)
      .map((fact) => `- ${fact}`)
      .join("\n"),
    ...(example === undefined ? [] : [example]),
  ].join("\n\n");
}

function facts(path: readonly string[], schema: Schema, required: boolean): readonly string[] {
  if (isSensitive(path)) return ["Type: text, a secret"];
  const { minimum, maximum, minItems, maxItems, additionalProperties: values } = schema;
  const within = schema.items ?? (values === false ? undefined : values);
  const rule = (within ?? schema).patternErrorMessage;
  return [
    `Type: ${typeOf(schema)}`,
    ...(required ? ["Required"] : []),
    ...("default" in schema ? [`Default: \`${inline(schema.default)}\``] : []),
    ...(minimum === undefined && maximum === undefined
      ? []
      : [`Range: ${[minimum ?? "", maximum].filter((bound) => bound !== undefined).join(" to ")}`]),
    ...(minItems === undefined ? [] : [`At least ${minItems}`]),
    ...(maxItems === undefined ? [] : [`At most ${maxItems}`]),
    ...(rule === undefined ? [] : [`${escaped(rule.charAt(0).toUpperCase() + rule.slice(1))}.`]),
  ];
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "`true` or `false`",
  integer: "whole number",
  object: "map of settings",
};

function typeOf({ type, const: only, enum: allowed, items, additionalProperties }: Schema): string {
  if (only !== undefined) return `\`${only}\``;
  if (allowed) return `one of ${allowed.map((value) => `\`${value}\``).join(", ")}`;
  if (items) return `list; entries: ${typeOf(items)}`;
  if (additionalProperties) return `map by name; values: ${typeOf(additionalProperties)}`;
  return TYPES[String(type)] ?? TYPES["object"] ?? "";
}

/** A stack file that contains only the setting, or how to set a secret; undefined if nested settings show it. */
function exampleOf(
  path: readonly string[],
  schema: Schema,
  all: readonly Setting[],
): string | undefined {
  const names = exampleNames(path, all);
  if (isSensitive(path)) {
    const [key = "", ...rest] = names;
    const quoted = rest.map((step) => (/^[\w-]+$/.test(step) ? `.${step}` : `["${step}"]`));
    return block("sh", `pulumi config set --secret --path 'aks-istio:${key}${quoted.join("")}'`);
  }
  const value = sample(schema);
  if (value === undefined) return undefined;
  const nested = names.reduceRight<unknown>(
    (inner, step, index) => ({ [index === 0 ? `aks-istio:${step}` : step]: inner }),
    value,
  );
  // Other YAML readers parse 02:00 as a number.
  return block("yaml", stringify(nested, { lineWidth: 0, version: "1.1" }).trimEnd());
}

/** The path of a setting in an example. */
export function exampleNames(path: readonly string[], all: readonly Setting[]): readonly string[] {
  return path.map((step, index) => (step === NAME ? nameAt(path.slice(0, index), all) : step));
}

function nameAt(path: readonly string[], all: readonly Setting[]): string {
  const map = all.find((setting) => setting.path.join() === path.join());
  const name = map?.schema.propertyNames?.examples?.[0];
  if (typeof name !== "string") throw new Error(`${path.join(".")} has no example of a name.`);
  return name;
}

/** A value that the schema allows, different from the default if that is easy. */
export function sample(schema: Schema): unknown {
  const { examples, type, enum: allowed, items, default: preset } = schema;
  if (examples?.[0] !== undefined) return examples[0];
  if (schema.const !== undefined) return schema.const;
  if (allowed) return allowed.find((value) => value !== preset);
  if (type === "boolean") return preset !== true;
  if (items) {
    const entry = sample(items);
    return entry === undefined ? undefined : [entry];
  }
  return (schema.properties ?? schema.additionalProperties) ? undefined : preset;
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function inline(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Escapes the text of a setting, so Markdown shows it unchanged. */
function escaped(text: string): string {
  return text.replaceAll("<", "&lt;").replace(/[\\*_[\]]/g, (character) => `\\${character}`);
}
