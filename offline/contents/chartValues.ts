import { isJsonObject } from "../../yaml/json.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import { documentsOf } from "../../manifests/decodeYaml.ts";
import type { Properties } from "../plan/values.ts";
import { assetText, isAsset } from "./assets.ts";

/**
 * The values of a chart, merged as Helm does: files in order, then the values of the program. An asset among the values is
 * replaced by its text, and one at a URL makes them all unknown (undefined).
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/helm/values.go
 */
export function valuesOf(
  { valueYamlFiles, values }: Properties,
  directory: string,
): JsonObject | undefined {
  const files = Array.isArray(valueYamlFiles) ? (valueYamlFiles as readonly Json[]) : [];
  const layers: JsonObject[] = [];
  for (const file of files) {
    const text = isAsset(file) ? assetText(file, directory) : undefined;
    if (text === undefined) return undefined;
    layers.push(...documentsOf(text).slice(0, 1));
  }
  const own = withTexts(isJsonObject(values) ? values : {}, directory);
  if (own === undefined) return undefined;
  return [...layers, own as JsonObject].reduce(merge, {});
}

function withTexts(value: Json, directory: string): Json | undefined {
  if (isAsset(value)) return assetText(value, directory);
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => withTexts(item, directory));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isJsonObject(value)) return value;
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const text = withTexts(item, directory);
    if (text === undefined) return undefined;
    entries.push([key, text]);
  }
  return Object.fromEntries(entries);
}

function merge(base: JsonObject, over: JsonObject): JsonObject {
  const merged = Object.entries(over).map(([key, value]) => {
    const before = base[key];
    return [key, isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value];
  });
  return { ...base, ...(Object.fromEntries(merged) as JsonObject) };
}
