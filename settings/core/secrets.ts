import { CERTIFICATE_SECRETS } from "../certificates/schema.ts";
import { GATEWAY_SECRETS } from "../gateways/schema.ts";
import { GITOPS_SECRETS } from "../gitops/schema.ts";
import { isMap, stepsText, valueAt } from "./path.ts";
import type { Step } from "./path.ts";
import type { Violation } from "./violation.ts";

/**
 * The settings that are secrets; `*` matches any name. Others must not be, because the state would contain their values
 * in plain text.
 */
const SENSITIVE: readonly (readonly string[])[] = [
  ...GITOPS_SECRETS,
  ...GATEWAY_SECRETS,
  ...CERTIFICATE_SECRETS,
];

const HOLDERS = SENSITIVE.map(([key]) => key);

/** Whether the value of a setting must never be printed. */
export function isSensitive(steps: readonly Step[]): boolean {
  return SENSITIVE.some(
    (sensitive) =>
      sensitive.length === steps.length &&
      sensitive.every((step, index) => step === "*" || step === steps[index]),
  );
}

/** The values that a rule may quote: without keys that are encrypted but should not be. */
export function quotable(
  values: Readonly<Record<string, unknown>>,
  secretKeys: readonly string[],
): Readonly<Record<string, unknown>> {
  const encrypted = secretKeys.filter((key) => !HOLDERS.includes(key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !encrypted.includes(key)));
}

/**
 * Secrets in plain text, and encrypted settings that are not secrets. Pulumi only tells whether a whole key is
 * encrypted.
 */
export function secretViolations(
  values: Readonly<Record<string, unknown>>,
  secretKeys: readonly string[],
): readonly Violation[] {
  const inClear = SENSITIVE.flatMap((steps) => given(values, steps))
    .filter(([key]) => !secretKeys.includes(String(key)))
    .map((steps) => ({
      steps,
      rule: `must not be in the stack file in plain text; set it with pulumi config set --secret --path '${stepsText(steps)}'`,
    }));
  const needless = secretKeys
    .filter((key) => !HOLDERS.includes(key))
    .map((key) => ({ steps: [key], rule: "is not a secret; set it without --secret" }));
  return [...inClear, ...needless];
}

/** The paths that match the pattern and have a value; a name may itself be `*`. */
function given(values: unknown, pattern: readonly string[]): readonly (readonly string[])[] {
  const [step, ...rest] = pattern;
  if (step === undefined) return values === undefined ? [] : [[]];
  const names = step === "*" ? Object.keys(isMap(values) ? values : {}) : [step];
  return names.flatMap((name) =>
    given(valueAt(values, [name]), rest).map((steps) => [name, ...steps]),
  );
}
