import { findRevision, kubernetesFit } from "./catalog.ts";
import type { KubernetesRange } from "./catalog.ts";
import type { MeshRevision } from "./revision.ts";
import { upgradeTargets } from "./support.ts";
import type { Day } from "./support.ts";
import type { ClusterVersion } from "./support.ts";

/** Support and compatibility of a revision, from the catalog. */
export interface RevisionOutlook {
  readonly revision: MeshRevision;
  /** The last month of support, `YYYY-MM`, and whether it is only expected; undefined if unknown. */
  readonly support: { readonly until: string; readonly expected: boolean } | undefined;
  /** The Kubernetes versions it supports under the cluster's support plan. */
  readonly kubernetes: KubernetesRange | undefined;
}

/** The upgrade options of a mesh. */
export interface Outlook {
  readonly current: RevisionOutlook;
  /** The revisions that the mesh can be upgraded to, oldest first. */
  readonly targets: readonly RevisionOutlook[];
  /** The revisions that require another Kubernetes version, oldest first. */
  readonly blocked: readonly RevisionOutlook[];
}

/**
 * The upgrade options from a revision on a day, according to the catalog.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function outlookOf(revision: MeshRevision, day: Day, cluster: ClusterVersion): Outlook {
  const all = upgradeTargets(revision, day);
  const fits = (target: MeshRevision) =>
    kubernetesFit(target, cluster.kubernetesVersion, cluster.plan).fits !== false;
  const candidates = [...all.certain, ...all.possible];
  const look = (each: MeshRevision) => revisionOutlook(each, cluster);
  return {
    current: look(revision),
    targets: candidates.filter(fits).map(look),
    blocked: candidates.filter((target) => !fits(target)).map(look),
  };
}

function revisionOutlook(revision: MeshRevision, { plan }: ClusterVersion): RevisionOutlook {
  const entry = findRevision(revision);
  return {
    revision,
    support: entry && { until: entry.endOfLife, expected: entry.endOfLifeEstimated },
    kubernetes: entry?.kubernetes[plan],
  };
}
