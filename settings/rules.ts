import { someAdministrators } from "./access/access.ts";
import { CERTIFICATE_RULES } from "./certificates/certificates.ts";
import { CLUSTER_RULES } from "./cluster/rules.ts";
import { GATEWAY_RULES } from "./gateways/gateways.ts";
import { GITOPS_RULES } from "./gitops/gitops.ts";
import {
  meshConfigFields,
  revisionManagement,
  revisionsRunOnKubernetes,
  upgradeTarget,
} from "./mesh/mesh.ts";
import {
  canaryIsPinned,
  meshOnly,
  namespaceMarks,
  namespaceNames,
  scopeOfOthers,
  workloadNames,
  workloadNamespaces,
} from "./namespaces/namespaces.ts";
import { oneAuditLog, oneGrafanaRoleEach } from "./observability/observability.ts";
import type { Violation } from "./core/violation.ts";
import { podSecurityAdmitsSidecars } from "./namespaces/podSecurity.ts";
import type { Values } from "./core/partialValues.ts";
import { tagNames } from "./tags/tags.ts";

/** It gets the stack's Azure region too, as it is written. */
type Rule = (values: Values, location: string) => readonly Violation[];

/**
 * The rules between settings and on the names of things. They read what they need from the values as they were
 * written, so that a mistake elsewhere hides none of theirs.
 */
const RULES: readonly Rule[] = [
  revisionManagement,
  revisionsRunOnKubernetes,
  upgradeTarget,
  meshConfigFields,
  ...CLUSTER_RULES,
  namespaceNames,
  namespaceMarks,
  meshOnly,
  canaryIsPinned,
  scopeOfOthers,
  podSecurityAdmitsSidecars,
  workloadNames,
  workloadNamespaces,
  ...GATEWAY_RULES,
  ...CERTIFICATE_RULES,
  oneGrafanaRoleEach,
  oneAuditLog,
  ...GITOPS_RULES,
  someAdministrators,
  tagNames,
];

/** Every rule that the values break. */
export function violations(values: Values, location: string): readonly Violation[] {
  return RULES.flatMap((rule) => rule(values, location));
}
