import { valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

/**
 * A gateway's pods heed the policies of their namespace as well, and those who come to an ingress gateway have no
 * identity that a policy could allow.
 */
export function refusingNamespace(values: Values, steps: readonly Step[]): readonly Violation[] {
  const namespace = valueAt(values, steps);
  if (typeof namespace !== "string") return [];
  if (valueAt(values, ["namespaces", namespace, "defaultDeny"]) !== true) return [];
  return [
    {
      steps,
      rule: "refuses every request by defaultDeny, also at a gateway; give the gateway a namespace of its own without it",
    },
  ];
}
