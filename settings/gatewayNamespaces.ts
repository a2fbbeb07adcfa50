import { closest } from "../mesh/suggest.ts";
import { isMap, valueAt } from "./paths.ts";
import type { Step } from "./paths.ts";
import { names } from "./reading.ts";
import type { Values } from "./reading.ts";
import type { Violation } from "./rules.ts";

/** The namespace that a setting names has to be one of the stack's. */
export function declaredNamespace(values: Values, steps: readonly Step[]): readonly Violation[] {
  const namespace = valueAt(values, steps);
  if (typeof namespace !== "string" || namespace === "" || !isMap(values["namespaces"])) return [];
  const declared = names(values, "namespaces");
  if (declared.includes(namespace)) return [];
  const meant = closest(namespace, declared);
  const wayOut = meant === undefined ? "add it to them" : `did you mean ${meant}?`;
  return [{ steps, rule: `is none of the namespaces of the stack; ${wayOut}` }];
}

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
