import type { Yaml } from "../../yaml/goYaml.ts";
import { compareText } from "../plan/planOrder.ts";

/**
 * JSON as Go writes it, which is how a program receives a structured setting: keys sorted, and `<`, `>` and `&`
 * escaped.
 *
 * @see https://pkg.go.dev/encoding/json#Marshal
 */
export function goJson(value: Yaml): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${(value as readonly Yaml[]).map(goJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return escaped(JSON.stringify(value));
  const members = Object.entries(value)
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, item]) => `${escaped(JSON.stringify(key))}:${goJson(item)}`);
  return `{${members.join(",")}}`;
}

function escaped(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
