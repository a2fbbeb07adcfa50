import { valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

/**
 * The policies of a namespace also apply to the gateway's pods, and clients of an ingress gateway have no identity that
 * a policy could allow.
 */
export function checkDefaultDeny(values: Values, steps: readonly Step[]): readonly Violation[] {
  const namespace = valueAt(values, steps);
  if (typeof namespace !== "string") return [];
  if (valueAt(values, ["namespaces", namespace, "defaultDeny"]) !== true) return [];
  return [
    {
      steps,
      rule: "has defaultDeny, which also refuses requests to the gateway; give the gateway its own namespace without defaultDeny",
    },
  ];
}
