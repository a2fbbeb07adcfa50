import type { z } from "zod";
import { closest } from "../../text/suggest.ts";

/** The message for an issue whose schema has none. */
export function generalRule(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") {
    const rule = `must be ${TYPES[issue.expected] ?? issue.expected}`;
    const quoted = issue.expected === "boolean" && /^(true|false)$/.test(String(issue.input));
    return quoted ? `${rule}, without quotes` : rule;
  }
  if (issue.code === "invalid_value") return oneOf(issue.values.map(String), issue.input);
  return issue.code === "too_big" ? `must be ${issue.maximum} entries or less` : undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  object: "a map of settings",
  record: "a map of settings by name",
  array: "a list",
  boolean: "true or false",
};

function oneOf(allowed: readonly string[], found: unknown): string {
  const rule = `must be one of ${allowed.join(", ")}`;
  if (typeof found !== "string") {
    return allowed.includes(String(found)) ? `${rule}, in quotes` : rule;
  }
  const meant = closest(found, allowed);
  return meant === undefined ? rule : `${rule}; did you mean ${meant}?`;
}
