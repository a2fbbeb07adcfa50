import { isUnknownText, unknownText } from "../../manifests/unknownText.ts";
import { isJsonObject } from "../../yaml/json.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import { UNKNOWN, isUnknown } from "../plan/values.ts";

/** A value with unknown texts, which manifests may contain, in place of Pulumi's unknown values. */
export function toUnknownTexts(value: Json, key = ""): Json {
  if (isUnknown(value)) return unknownText(key);
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => toUnknownTexts(item, key));
  }
  return isJsonObject(value) ? mapped(value, toUnknownTexts) : value;
}

/** The same in the other direction. An object with a key that is not known is not known. */
export function fromUnknownTexts(value: Json): Json {
  if (isUnknownText(value)) return UNKNOWN;
  if (Array.isArray(value)) return (value as readonly Json[]).map(fromUnknownTexts);
  if (!isJsonObject(value)) return value;
  return Object.keys(value).some(isUnknownText) ? UNKNOWN : mapped(value, fromUnknownTexts);
}

function mapped(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(value, key)]),
  );
}
