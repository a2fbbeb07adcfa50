import { CERTIFICATE_RULES } from "./certificates.ts";
import { CLUSTER_RULES } from "./clusterRules.ts";
import { GATEWAY_RULES } from "./gateways.ts";
import { RepositoryUrl } from "./leaves.ts";
import {
  meshConfigFields,
  revisionManagement,
  revisionsRunOnKubernetes,
  upgradeTarget,
} from "./mesh.ts";
import {
  canaryIsPinned,
  meshOnly,
  namespaceNames,
  scopeOfOthers,
  workloadNames,
  workloadNamespaces,
} from "./namespaces.ts";
import { oneAuditLog, oneGrafanaRoleEach } from "./observability.ts";
import { isMap, valueAt } from "./paths.ts";
import type { Step } from "./paths.ts";
import { read } from "./reading.ts";
import type { Values } from "./reading.ts";

/** A broken rule: where, and what to say; `aside` where the value found there would say nothing. */
export interface Violation {
  readonly steps: readonly Step[];
  readonly rule: string;
  readonly aside?: boolean;
}

type Rule = (values: Values) => readonly Violation[];

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
  meshOnly,
  canaryIsPinned,
  scopeOfOthers,
  workloadNames,
  workloadNamespaces,
  ...GATEWAY_RULES,
  ...CERTIFICATE_RULES,
  oneGrafanaRoleEach,
  oneAuditLog,
  oneReference,
  credentialsFitUrl,
];

/** Every rule that the values break. */
export function violations(values: Values): readonly Violation[] {
  return RULES.flatMap((rule) => rule(values));
}

function oneReference(values: Values): readonly Violation[] {
  const steps = ["gitops", "reference"];
  const reference = valueAt(values, steps);
  if (!isMap(reference)) return [];
  const given = Object.keys(reference).filter((key) =>
    ["branch", "tag", "semver", "commit"].includes(key),
  );
  if (given.length === 1) return [];
  const found = given.length === 0 ? "none" : given.join(" and ");
  return [
    {
      steps,
      rule: `must have exactly one of branch, tag, semver and commit, and has ${found}`,
      aside: true,
    },
  ];
}

/** @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#git-repository-source-arguments */
function credentialsFitUrl(values: Values): readonly Violation[] {
  const url = read(RepositoryUrl, values, ["gitops", "url"]);
  if (url === undefined) return [];
  const has = (key: string) => valueAt(values, ["gitops", key]) !== undefined;
  const ssh = url.startsWith("ssh:");
  const foreign = ssh ? ["httpsUser", "httpsKey"] : ["sshPrivateKey", "sshKnownHosts"];
  const own = ssh ? ["sshPrivateKey", "sshKnownHosts"] : ["httpsUser", "httpsKey"];
  const asked = ssh || own.some(has);
  return [
    ...foreign.filter(has).map((key) => ({
      steps: ["gitops", key],
      rule: `has no use with ${ssh ? "an ssh" : "an https"} URL; remove it`,
      aside: true,
    })),
    ...own
      .filter((key) => asked && !has(key))
      .map((key) => ({
        steps: ["gitops", key],
        rule: `must be given with ${ssh ? "an ssh URL" : own.filter(has).join("")}`,
      })),
  ];
}
