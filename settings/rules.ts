import { CERTIFICATE_RULES } from "./certificates/rules.ts";
import { CLUSTER_RULES } from "./cluster/rules.ts";
import type { Values } from "./core/partialValues.ts";
import type { Violation } from "./core/violation.ts";
import { GATEWAY_RULES } from "./gateways/rules.ts";
import { GITOPS_RULES } from "./gitops/rules.ts";
import { MESH_RULES } from "./mesh/rules.ts";
import { NAMESPACE_RULES } from "./namespaces/rules.ts";
import { OBSERVABILITY_RULES } from "./observability/rules.ts";
import { checkTags } from "./tags/rules.ts";
import { WORKLOAD_RULES } from "./workloads/rules.ts";

/** `location` is the stack's Azure region as written. */
type Rule = (values: Values, location: string) => readonly Violation[];

/**
 * The rules between settings and on names. They read the values as written, because a mistake elsewhere must not hide
 * theirs.
 */
const RULES: readonly Rule[] = [
  ...MESH_RULES,
  ...CLUSTER_RULES,
  ...NAMESPACE_RULES,
  ...WORKLOAD_RULES,
  ...GATEWAY_RULES,
  ...CERTIFICATE_RULES,
  ...OBSERVABILITY_RULES,
  ...GITOPS_RULES,
  checkTags,
];

/** Every rule that the values break. */
export function violations(values: Values, location: string): readonly Violation[] {
  return RULES.flatMap((rule) => rule(values, location));
}
