import { isDeepStrictEqual } from "node:util";
import { isJsonObject, listIn, objectIn } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";
import { itemKey } from "../yaml/listChanges.ts";
import { withoutDefaults } from "./apiDefaults.ts";

/** A pod that an injector left alone, and the same pod with its sidecar. */
export interface Injection {
  readonly without: JsonObject;
  readonly with: JsonObject;
  /** Where other webhooks give every pod values of its own, which are left out. */
  readonly unstable?: readonly string[];
}

/**
 * A pod template, or a Pod, with the sidecar: the difference between the two pods of an injection, applied to the
 * template. So what the API server and other webhooks do to both is not in the result.
 */
export function withAddition(template: JsonObject, injection: Injection): JsonObject {
  const before = withSources(partsOf(injection.without));
  const after = withSources(partsOf(injection.with));
  const result = mergedObject(partsOf(template), before, after);
  const metadata = { ...objectIn(template, "metadata"), ...objectIn(result, "metadata") };
  return { ...template, metadata, spec: objectIn(result, "spec") };
}

/** What an injector may change of a pod. */
function partsOf(pod: JsonObject): JsonObject {
  const metadata = objectIn(pod, "metadata");
  const given = ["labels", "annotations"].flatMap((field) => {
    const value = metadata[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  return { metadata: Object.fromEntries(given), spec: objectIn(pod, "spec") };
}

/**
 * With the source of every volume. Istio's templates leave it out, and the API server then sets it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
 */
function withSources(parts: JsonObject): JsonObject {
  const volumes = listIn(parts, "spec", "volumes").map((volume) =>
    isJsonObject(volume) && Object.keys(volume).length === 1 ? { ...volume, emptyDir: {} } : volume,
  );
  if (volumes.length === 0) return parts;
  return { ...parts, spec: { ...objectIn(parts, "spec"), volumes } };
}

/** A value with what one value has more, less or other than another. */
function merged(own: Json | undefined, before: Json | undefined, after: Json): Json {
  if (own !== undefined && isDeepStrictEqual(before, after)) return own;
  if (isJsonObject(after)) {
    return mergedObject(isJsonObject(own) ? own : {}, isJsonObject(before) ? before : {}, after);
  }
  if (!Array.isArray(after)) return after;
  const lists = [own, before, after].map((one) => (Array.isArray(one) ? (one as Json[]) : []));
  const [ownItems = [], beforeItems = [], afterItems = []] = lists;
  return mergedList(ownItems, beforeItems, afterItems);
}

function mergedObject(own: JsonObject, before: JsonObject, after: JsonObject): JsonObject {
  const kept = Object.entries(own).flatMap(([field, value]): [string, Json][] => {
    const now = after[field];
    if (now !== undefined) return [[field, merged(value, before[field], now)]];
    return Object.hasOwn(before, field) && value !== null ? [] : [[field, value]];
  });
  const added = Object.entries(after)
    .filter(([field, now]) => {
      return !Object.hasOwn(own, field) && !isDeepStrictEqual(before[field], now);
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, now]): [string, Json] => [
      field,
      Object.hasOwn(before, field) ? merged(undefined, before[field], now) : withoutDefaults(now),
    ]);
  return Object.fromEntries([...kept, ...added]);
}

/** In the order of the list with the additions. */
function mergedList(
  own: readonly Json[],
  before: readonly Json[],
  after: readonly Json[],
): readonly Json[] {
  const find = (items: readonly Json[], like: Json) =>
    items.find((item) => isDeepStrictEqual(itemKey(item), itemKey(like)));
  const lost = own.filter((item) => find(before, item) === undefined);
  const now = after.flatMap((item): Json[] => {
    const [mine, old] = [find(own, item), find(before, item)];
    if (old === undefined) return [mine ?? withoutDefaults(item)];
    return mine === undefined ? [] : [merged(mine, old, item)];
  });
  return [...now, ...lost.filter((item) => find(now, item) === undefined)];
}
