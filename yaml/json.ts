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
