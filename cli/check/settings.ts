import { InvalidArgumentError } from "commander";
import { PACK, SCOPE, configurable } from "../../check/policies.ts";
import { kubernetesFit, kubernetesStatus, revisionStatus } from "../../mesh/catalog.ts";
import { isMeshRevision } from "../../mesh/revision.ts";
import { UsageError } from "../../offline/errors.ts";
import type { PolicySettings } from "../../offline/pack/policySettings.ts";
import type { EnforcementLevel } from "../../offline/plan/plan.ts";
import type { Properties } from "../../offline/plan/values.ts";

/** The options that say how manifests are judged. */
export interface ContextFlags {
  readonly revision?: readonly string[];
  readonly kubernetes?: string;
  readonly policyPackConfig?: string;
}

export interface CheckSettings {
  readonly levelOf: (policy: string) => EnforcementLevel;
  /** The configuration of a policy; undefined if it is disabled. */
  readonly configOf: (policy: string) => object | undefined;
}

/** The parser of `--revision`. */
export function parseRevisions(value: string): readonly string[] {
  const revisions = value.split(",").map((one) => one.trim());
  const wrong = revisions.find((one) => !isMeshRevision(one));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(
      `${JSON.stringify(wrong)} is not a valid revision. Use a revision such as asm-1-30.`,
    );
  }
  if (new Set(revisions).size > 2) {
    throw new InvalidArgumentError("A cluster runs at most two revisions.");
  }
  return [...new Set(revisions)];
}

/** The parser of `--kubernetes`. */
export function parseKubernetes(value: string): string {
  if (kubernetesStatus(value) !== "malformed") return value;
  throw new InvalidArgumentError(
    `${JSON.stringify(value)} is not a valid Kubernetes version. Use a version such as 1.35.`,
  );
}

/**
 * The configuration of the policies: from a file or with the defaults, for a cluster with the add-on.
 *
 * @param planHasCluster whether a plan describes the cluster
 * @throws UsageError
 */
export async function checkSettings(
  flags: ContextFlags,
  planHasCluster: boolean,
): Promise<CheckSettings> {
  const { revision, kubernetes } = flags;
  if (planHasCluster && (revision !== undefined || kubernetes !== undefined)) {
    throw new UsageError(
      "Leave out --revision and --kubernetes: the plan says which versions its cluster runs.",
    );
  }
  requireFit(flags);
  const settings = await settingsFrom(flags.policyPackConfig);
  const scope = settings.get(SCOPE)?.properties ?? {};
  const onAddon = {
    // Without the add-on, hardly a rule would apply. A plan with a cluster says itself.
    ...(planHasCluster ? {} : { clusterUsesAddon: true }),
    ...scope,
    ...(revision === undefined ? {} : { revisions: revision }),
    ...(kubernetes === undefined ? {} : { kubernetesVersion: kubernetes }),
  };
  const levelOf = (policy: string) => settings.get(policy)?.level ?? "disabled";
  return {
    levelOf,
    configOf: (policy) => {
      if (policy === SCOPE) return onAddon;
      return levelOf(policy) === "disabled" ? undefined : (settings.get(policy)?.properties ?? {});
    },
  };
}

/** @throws UsageError if AKS does not run a revision, or not on the Kubernetes version */
function requireFit({ revision = [], kubernetes }: ContextFlags): void {
  const problems = revision.flatMap((one) => {
    if (revisionStatus(one) === "unknown") return [`${one} is not a revision of the add-on.`];
    // Which of the support plans the cluster has is not known.
    const { fits } = kubernetesFit(one, kubernetes, "KubernetesOfficial");
    const { fits: fitsLonger, range } = kubernetesFit(one, kubernetes, "AKSLongTermSupport");
    if (fits !== false || fitsLonger !== false || range === undefined) return [];
    return [
      `${one} runs on Kubernetes ${range.oldest} to ${range.newest}, not on ${kubernetes ?? ""}. Check --revision and --kubernetes.`,
    ];
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
}

async function settingsFrom(file: string | undefined): Promise<PolicySettings> {
  if (file === undefined) {
    return new Map(
      configurable.map(({ name, enforcementLevel: level }) => [name, { level, properties: {} }]),
    );
  }
  // Only a file needs the validator, which takes a tenth of a second to load.
  const { readPolicyConfig, resolvePolicySettings } =
    await import("../../offline/pack/policySettings.ts");
  const described = configurable.map(({ name, enforcementLevel: level, config }) => ({
    name,
    level,
    schema: { properties: config as Properties },
  }));
  return resolvePolicySettings({ name: PACK, policies: described }, readPolicyConfig(file));
}
