import type { Yaml } from "./goYaml.ts";

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = Readonly<Record<string, Json>>;

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Converts YAML to JSON, whose numbers have 64 bits. */
export function toJson(yaml: Yaml): Json {
  if (typeof yaml === "bigint") return Number(yaml);
  if (Array.isArray(yaml)) return (yaml as readonly Yaml[]).map(toJson);
  if (typeof yaml !== "object" || yaml === null) return yaml;
  return Object.fromEntries(Object.entries(yaml).map(([key, item]) => [key, toJson(item)]));
}

/** The value at a path of keys; undefined if there is none. */
export function valueIn(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, step) => (isJsonObject(found) ? found[step] : undefined),
    value,
  );
}

/** The object at a path; empty if there is none. */
export function objectIn(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = valueIn(value, ...path);
  return isJsonObject(found) ? found : {};
}

/** The list at a path; empty if there is none. */
export function listIn(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = valueIn(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

/** The text at a path; undefined if there is none. */
export function textIn(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = valueIn(value, ...path);
  return typeof found === "string" ? found : undefined;
}
