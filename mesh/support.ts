import { catalog, findRevision, kubernetesFit } from "./catalog.ts";
import type { CatalogEntry, SupportPlan } from "./catalog.ts";
import { compareRevisions, revisionGap } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/** A day, `YYYY-MM-DD`. Always handed in: the same question has the same answer on every day and machine. */
export type Day = string;

/**
 * How a revision stands on a day: `supported`; `perhaps-ended` once its end of life has passed, but was only an
 * expectation; `ended`; `not-released` yet; `unknown` to the catalog.
 */
export type SupportStatus = "supported" | "perhaps-ended" | "ended" | "not-released" | "unknown";

/** What a cluster runs, as far as it decides which revisions fit it. */
export interface ClusterVersion {
  readonly kubernetesVersion: string;
  readonly plan: SupportPlan;
}

/**
 * How Microsoft's support for a revision stands on a day. Months count in full: support begins on the first day of
 * the month of release and ends with the last day of the month of the end of life.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function supportOn(revision: string, day: Day): SupportStatus {
  const entry = findRevision(revision);
  if (entry === undefined) return "unknown";
  const month = day.slice(0, 7);
  if (month < entry.released) return "not-released";
  if (month <= entry.endOfLife) return "supported";
  return entry.endOfLifeEstimated ? "perhaps-ended" : "ended";
}

/**
 * The revisions that are supported on a day, oldest first; not those whose support has perhaps ended.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions
 */
export function supportedRevisions(day: Day): readonly CatalogEntry[] {
  return catalog.revisions.filter(({ revision }) => supportOn(revision, day) === "supported");
}

/**
 * The revisions that run on a cluster, oldest first, supported or not.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
 */
export function revisionsFor({ kubernetesVersion, plan }: ClusterVersion): readonly CatalogEntry[] {
  return catalog.revisions.filter(
    ({ revision }) => kubernetesFit(revision, kubernetesVersion, plan).fits === true,
  );
}

/**
 * The revisions to which a canary upgrade can go, oldest first: `certain` whatever the truth about expected dates that
 * have passed, `possible` if some of those dates moved.
 */
export interface UpgradeTargets {
  readonly certain: readonly MeshRevision[];
  readonly possible: readonly MeshRevision[];
}

/**
 * The revisions of the catalog to which a revision can be upgraded on a day: the next one, or the one after it where
 * both are supported; the nearest supported one, and no other, where neither the revision nor the next one is.
 * With a cluster, only those that run on its Kubernetes version.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export function upgradeTargets(
  from: MeshRevision,
  day: Day,
  cluster?: ClusterVersion,
): UpgradeTargets {
  const readings = supportedSets(day).map((supported) => targetsAmong(supported, from));
  const fitting = catalog.revisions
    .map(({ revision }) => revision)
    .filter(
      (revision) =>
        cluster === undefined ||
        kubernetesFit(revision, cluster.kubernetesVersion, cluster.plan).fits !== false,
    );
  const certain = fitting.filter((revision) => readings.every((all) => all.includes(revision)));
  const possible = fitting.filter(
    (revision) => !certain.includes(revision) && readings.some((all) => all.includes(revision)),
  );
  return { certain, possible };
}

/**
 * Every set of revisions that may be the supported one on a day. Support ends in the order of age, so that of the
 * revisions whose end is uncertain the first none, one, two … have ended.
 */
function supportedSets(day: Day): readonly (readonly MeshRevision[])[] {
  const sure = supportedRevisions(day).map(({ revision }) => revision);
  const unsure = catalog.revisions
    .map(({ revision }) => revision)
    .filter((revision) => supportOn(revision, day) === "perhaps-ended");
  return Array.from({ length: unsure.length + 1 }, (_, ended) =>
    [...unsure.slice(ended), ...sure].sort(compareRevisions),
  );
}

function targetsAmong(
  supported: readonly MeshRevision[],
  from: MeshRevision,
): readonly MeshRevision[] {
  const newer = supported.filter((revision) => compareRevisions(from, revision) < 0);
  const nextIsSupported = newer.some((revision) => revisionGap(from, revision) === 1);
  return nextIsSupported
    ? newer.filter((revision) => revisionGap(from, revision) <= 2)
    : newer.slice(0, 1);
}
