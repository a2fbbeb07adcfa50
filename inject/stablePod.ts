import { isDeepStrictEqual } from "node:util";
import { isJsonObject, objectIn, textIn } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";
import { itemKey } from "../yaml/listChanges.ts";

/** Three pods that an API server returned. */
interface Answers {
  /** Two for the same request. */
  readonly one: Json | undefined;
  readonly again: Json | undefined;
  /** That for the pod which is opted out. */
  readonly without: Json | undefined;
}

/**
 * A pod as an API server returns it every time. Some webhooks give each pod values of its own, such as an ID: these are
 * not the sidecar's, so they are as in the pod without it.
 *
 * @returns the pod, and where it was not the same twice
 */
export function stablePod(
  one: JsonObject,
  again: JsonObject,
  without: JsonObject,
): { readonly pod: JsonObject; readonly unstable: readonly string[] } {
  const unstable: string[] = [];
  const part = (...path: readonly string[]) => {
    const [ofOne, ofAgain] = [objectIn(one, ...path), objectIn(again, ...path)];
    const answers = { one: ofOne, again: ofAgain, without: objectIn(without, ...path) };
    return objectIn(stable(answers, path.join("."), unstable));
  };
  const metadata = {
    ...objectIn(one, "metadata"),
    labels: part("metadata", "labels"),
    annotations: part("metadata", "annotations"),
  };
  return { pod: { ...one, metadata, spec: part("spec") }, unstable };
}

/**
 * @param isPart whether the value is a part of a list's item, which goes as a whole: a variable without its value would
 *   be another one
 */
function stable(
  answers: Answers,
  path: string,
  unstable: string[],
  isPart = false,
): Json | undefined {
  const { one, again, without } = answers;
  if (isDeepStrictEqual(one, again)) return one;
  if (isJsonObject(one) && isJsonObject(again)) {
    const fields = [...new Set([...Object.keys(one), ...Object.keys(again)])];
    const values = fields.map((field) => {
      const own = objectIn(without)[field];
      const inside = { one: one[field], again: again[field], without: own };
      return [field, stable(inside, `${path}.${field}`, unstable, isPart)] as const;
    });
    const kept = values.flatMap(([field, value]) => (value === undefined ? [] : [[field, value]]));
    if (isPart && kept.length < values.length) return without;
    return Object.fromEntries(kept) as JsonObject;
  }
  if (Array.isArray(one) && Array.isArray(again)) {
    const [items, others] = [one as readonly Json[], again as readonly Json[]];
    const own = Array.isArray(without) ? (without as readonly Json[]) : [];
    const added = others.filter((item) => find(items, item) === undefined);
    return [...items, ...added].flatMap((item) => {
      const inside = {
        one: find(items, item),
        again: find(others, item),
        without: find(own, item),
      };
      return stable(inside, `${path}[${textIn(item, "name") ?? ""}]`, unstable, true) ?? [];
    });
  }
  unstable.push(path);
  return without;
}

function find(items: readonly Json[], like: Json): Json | undefined {
  return items.find((item) => isDeepStrictEqual(itemKey(item), itemKey(like)));
}
