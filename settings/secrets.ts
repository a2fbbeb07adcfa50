import { valueAt } from "./paths.ts";
import type { Step } from "./paths.ts";
import type { Violation } from "./rules.ts";

/** The settings that are secrets; no other may be one, because its value would be written to the state in clear. */
const SENSITIVE: readonly (readonly Step[])[] = [
  ["gitops", "httpsKey"],
  ["gitops", "sshPrivateKey"],
];

const HOLDERS = SENSITIVE.map(([key]) => key);

/** Whether the setting at the path is one that must never be printed. */
export function isSensitive(steps: readonly Step[]): boolean {
  return SENSITIVE.some((sensitive) => sensitive.join(".") === steps.join("."));
}

/** The values that a rule may quote from: without the keys that are encrypted and should not be. */
export function quotable(
  values: Readonly<Record<string, unknown>>,
  secretKeys: readonly string[],
): Readonly<Record<string, unknown>> {
  const encrypted = secretKeys.filter((key) => !HOLDERS.includes(key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !encrypted.includes(key)));
}

/**
 * Secrets in clear, and encrypted settings that are no secrets. Pulumi tells of a key, not of a setting in it,
 * whether it is encrypted.
 */
export function secretViolations(
  values: Readonly<Record<string, unknown>>,
  secretKeys: readonly string[],
): readonly Violation[] {
  const inClear = SENSITIVE.filter(
    (steps) => valueAt(values, steps) !== undefined && !secretKeys.includes(String(steps[0])),
  ).map((steps) => ({
    steps,
    rule: `must not stand in the stack file in clear; set it with pulumi config set --secret --path '${steps.join(".")}'`,
  }));
  const needless = secretKeys
    .filter((key) => !HOLDERS.includes(key))
    .map((key) => ({ steps: [key], rule: "holds nothing secret; set it without --secret" }));
  return [...inClear, ...needless];
}
