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
import type { Step } from "./core/path.ts";
import { podSecurityAdmitsSidecars } from "./namespaces/podSecurity.ts";
import type { Values } from "./core/partialValues.ts";
import { tagNames } from "./tags/tags.ts";

/** A broken rule: where, and what to say; `aside` where the value found there would say nothing. */
export interface Violation {
  readonly steps: readonly Step[];
  readonly rule: string;
  readonly aside?: boolean;
}

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
