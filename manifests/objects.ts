import { isJsonObject } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";

/**
 * The objects with every list replaced by its items, as `kubectl apply` and the Kubernetes provider do.
 *
 * @throws if an item is not an object
 */
export function withoutLists(objects: readonly JsonObject[]): readonly JsonObject[] {
  return objects.flatMap((object) => {
    const { items, kind } = object;
    if (!Array.isArray(items)) return [object];
    return withoutLists(
      (items as readonly Json[]).map((item, i) => {
        if (isJsonObject(item)) return item;
        throw new Error(`items[${i}] of ${JSON.stringify(kind)} is not an object`);
      }),
    );
  });
}

/** The type token of a kind, as the Kubernetes SDK of Pulumi names it: `kubernetes:core/v1:Service`. */
export function typeToken(apiVersion: string, kind: string): string {
  return `kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`;
}

/** A field of `metadata`, if it is a text. */
export function metadataText(object: JsonObject, field: string): string | undefined {
  const { metadata } = object;
  const value = isJsonObject(metadata) ? metadata[field] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The object with a field of `metadata` set. */
export function withMetadata(object: JsonObject, field: string, value: Json): JsonObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...(isJsonObject(metadata) ? metadata : {}), [field]: value },
  };
}
