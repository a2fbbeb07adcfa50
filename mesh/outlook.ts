import { findRevision, kubernetesFit } from "./catalog.ts";
import type { KubernetesRange } from "./catalog.ts";
import type { MeshRevision } from "./revision.ts";
import { upgradeTargets } from "./support.ts";
import type { Day } from "./support.ts";
import type { ClusterVersion } from "./support.ts";

/** What the catalog says about a revision. */
export interface RevisionOutlook {
  readonly revision: MeshRevision;
  /** The last month of support, `YYYY-MM`, and whether Microsoft only expects it; undefined where nobody knows yet. */
  readonly support: { readonly until: string; readonly expected: boolean } | undefined;
  /** The Kubernetes versions that it runs on under the cluster's support plan. */
  readonly kubernetes: KubernetesRange | undefined;
}

/** What can come after the revision that a mesh runs on. */
export interface Outlook {
  readonly current: RevisionOutlook;
  /** The revisions that an upgrade can go to, oldest first. */
  readonly targets: readonly RevisionOutlook[];
  /** The revisions that it could go to if the cluster had another Kubernetes version, oldest first. */
  readonly blocked: readonly RevisionOutlook[];
}

/**
 * What can come after a revision, judged on a day by the catalog.
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
