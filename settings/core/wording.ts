import type { z } from "zod";
import { closest } from "../../text/suggest.ts";

/** The message for an issue whose schema has none. */
export function generalRule(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") {
    const rule = `must be ${TYPES[issue.expected] ?? issue.expected}`;
    return isQuoted(issue.expected, issue.input) ? `${rule}, without quotes` : rule;
  }
  if (issue.code === "invalid_value") return oneOf(issue.values.map(String), issue.input);
  if (issue.code === "too_small") return `must be ${issue.minimum} or more`;
  if (issue.code !== "too_big") return undefined;
  const entries = issue.origin === "array" ? " entries" : "";
  return `must be ${issue.maximum}${entries} or less`;
}

const TYPES: Readonly<Record<string, string>> = {
  object: "a map of settings",
  record: "a map of settings by name",
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
};

/** Whether a text would have the expected type if it were not in quotes. */
function isQuoted(expected: string, found: unknown): boolean {
  if (typeof found !== "string") return false;
  return expected === "boolean"
    ? /^(true|false)$/.test(found)
    : /^(int|number)$/.test(expected) && /^-?\d+(\.\d+)?$/.test(found);
}

function oneOf(allowed: readonly string[], found: unknown): string {
  const rule = `must be one of ${allowed.join(", ")}`;
  if (typeof found !== "string") {
    return allowed.includes(String(found)) ? `${rule}, in quotes` : rule;
  }
  const meant = closest(found, allowed);
  return meant === undefined ? rule : `${rule}; did you mean ${meant}?`;
}
