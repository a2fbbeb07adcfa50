import { CERTIFICATE_SECRETS } from "../certificates/schema.ts";
import { GATEWAY_SECRETS } from "../gateways/schema.ts";
import { isMap, stepsText, valueAt } from "./path.ts";
import type { Step } from "./path.ts";
import type { Violation } from "./violation.ts";

/**
 * The settings that are secrets, where a `*` stands for any name; no other may be one, because its value would be
 * written to the state in clear.
 */
const SENSITIVE: readonly (readonly string[])[] = [
  ["gitops", "httpsKey"],
  ["gitops", "sshPrivateKey"],
  ...GATEWAY_SECRETS,
  ...CERTIFICATE_SECRETS,
];

const HOLDERS = SENSITIVE.map(([key]) => key);

/** Whether the setting at the path is one that must never be printed. */
export function isSensitive(steps: readonly Step[]): boolean {
  return SENSITIVE.some(
    (sensitive) =>
      sensitive.length === steps.length &&
      sensitive.every((step, index) => step === "*" || step === steps[index]),
  );
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

/** The paths with a value among those that the pattern stands for; a name may be `*` itself. */
function given(values: unknown, pattern: readonly string[]): readonly (readonly string[])[] {
  const [step, ...rest] = pattern;
  if (step === undefined) return values === undefined ? [] : [[]];
  const names = step === "*" ? Object.keys(isMap(values) ? values : {}) : [step];
  return names.flatMap((name) =>
    given(valueAt(values, [name]), rest).map((steps) => [name, ...steps]),
  );
}
