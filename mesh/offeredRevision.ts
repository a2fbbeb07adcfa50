import { kubernetesMinor } from "./catalog.ts";
import type { KubernetesRange, SupportPlan } from "./catalog.ts";
import type { MeshRevision } from "./revision.ts";

/** A revision that Azure offers in a region, with what it can be upgraded to and what it runs on. */
export interface OfferedRevision {
  readonly revision: MeshRevision;
  readonly upgrades: readonly MeshRevision[];
  /**
   * Kubernetes minor versions by support plan, `KubernetesOfficial` or `AKSLongTermSupport`; `kubernetes` in older
   * answers, which do not distinguish them.
   */
  readonly kubernetes: Readonly<Record<string, readonly string[]>>;
}

/**
 * The Kubernetes versions that a revision runs on under a support plan, oldest first; empty if it runs on none.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
 */
export function offeredVersions(
  { kubernetes }: OfferedRevision,
  plan: SupportPlan,
): readonly string[] {
  const versions =
    kubernetes[plan] ?? (plan === "KubernetesOfficial" ? kubernetes["kubernetes"] : undefined);
  return [...(versions ?? [])].sort(
    (one, other) => (kubernetesMinor(one) ?? 0) - (kubernetesMinor(other) ?? 0),
  );
}

/** The same as a range; undefined if it runs on none. */
export function offeredRange(
  offered: OfferedRevision,
  plan: SupportPlan,
): KubernetesRange | undefined {
  const versions = offeredVersions(offered, plan);
  const [oldest, newest] = [versions[0], versions.at(-1)];
  return oldest === undefined || newest === undefined ? undefined : { oldest, newest };
}
