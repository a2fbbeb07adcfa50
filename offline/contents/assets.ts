import { resolve } from "node:path";
import { readRegularFile } from "../../manifests/entry.ts";
import { isJsonObject } from "../../yaml/json.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import { SIGNATURE } from "../plan/values.ts";

const ASSET = "c44067f5952c0a294b673a41bacd8c17";

/** Whether a value is an asset: a text, a file or a URL. */
export function isAsset(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && value[SIGNATURE] === ASSET;
}

/** The text of an asset; undefined if it is at a URL. */
export function assetText({ text, path }: JsonObject, directory: string): string | undefined {
  if (typeof text === "string" && text !== "") return text;
  return typeof path === "string" ? readRegularFile(resolve(directory, path)) : undefined;
}
