import { CERTIFICATE_RULES } from "./certificates/rules.ts";
import { CLUSTER_RULES } from "./cluster/rules.ts";
import { GATEWAY_RULES } from "./gateways/rules.ts";
import { GITOPS_RULES } from "./gitops/rules.ts";
import { checkMeshConfig, checkKubernetesVersion, checkUpgradeTarget } from "./mesh/rules.ts";
import {
  checkCanary,
  checkMeshOnlySettings,
  checkLabelsAndAnnotations,
  checkNamespaceNames,
  checkSidecarScopes,
  checkWorkloadNames,
  checkWorkloadNamespaces,
} from "./namespaces/rules.ts";
import { checkAuditLogs, checkGrafanaRoles } from "./observability/rules.ts";
import type { Violation } from "./core/violation.ts";
import { checkPodSecurity } from "./namespaces/podSecurity.ts";
import type { Values } from "./core/partialValues.ts";
import { checkTags } from "./tags/rules.ts";

/** It gets the stack's Azure region too, as it is written. */
type Rule = (values: Values, location: string) => readonly Violation[];

/**
 * The rules between settings and on the names of things. They read what they need from the values as they were
 * written, so that a mistake elsewhere hides none of theirs.
 */
const RULES: readonly Rule[] = [
  checkKubernetesVersion,
  checkUpgradeTarget,
  checkMeshConfig,
  ...CLUSTER_RULES,
  checkNamespaceNames,
  checkLabelsAndAnnotations,
  checkMeshOnlySettings,
  checkCanary,
  checkSidecarScopes,
  checkPodSecurity,
  checkWorkloadNames,
  checkWorkloadNamespaces,
  ...GATEWAY_RULES,
  ...CERTIFICATE_RULES,
  checkGrafanaRoles,
  checkAuditLogs,
  ...GITOPS_RULES,
  checkTags,
];

/** Every rule that the values break. */
export function violations(values: Values, location: string): readonly Violation[] {
  return RULES.flatMap((rule) => rule(values, location));
}
