import { listIn, textIn } from "../../yaml/json.ts";
import type { JsonObject } from "../../yaml/json.ts";

/** In characters: enough for what Pod Security says of a pod. */
const LONGEST = 1000;

/** Shorter values of variables, such as `true`, are words of any message. */
const SHORTEST_HIDDEN = 6;

/**
 * What an API server says of a pod, as it may be shown. A webhook may quote the whole pod, with values of variables that
 * are secret: they are hidden, and the rest is cut.
 */
export function shownMessage(message: string, pod: JsonObject): string {
  const values = ["containers", "initContainers"]
    .flatMap((list) => listIn(pod, "spec", list))
    .flatMap((container) => listIn(container, "env"))
    .map((variable) => textIn(variable, "value") ?? "")
    .filter((value) => value.length >= SHORTEST_HIDDEN)
    // As they are, and as JSON has them; the longer ones first, because one may be a part of another.
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  const shown = values.reduce((text, value) => text.replaceAll(value, "[hidden]"), message);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown.replace(/\.$/, "");
}
