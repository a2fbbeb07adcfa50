import { catalog, findRevision, kubernetesFit } from "./catalog.ts";
import type { CatalogEntry, SupportPlan } from "./catalog.ts";
import { compareRevisions, revisionGap } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/** A day, `YYYY-MM-DD`. Always passed as an argument, so results do not depend on the current date. */
export type Day = string;

/**
 * The support status of a revision on a day. `perhaps-ended`: its expected end of life has passed, but was not
 * confirmed. `unknown`: the catalog does not list it.
 */
export type SupportStatus = "supported" | "perhaps-ended" | "ended" | "not-released" | "unknown";

/** The properties of a cluster that determine which revisions it supports. */
export interface ClusterVersion {
  readonly kubernetesVersion: string;
  readonly plan: SupportPlan;
}

/**
 * The support status of a revision on a day. Months count in full: support starts on the first day of the release month
 * and ends on the last day of the end-of-life month.
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
 * The revisions that are supported on a day, oldest first, without those whose support has perhaps ended.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions
 */
export function supportedRevisions(day: Day): readonly CatalogEntry[] {
  return catalog.revisions.filter(({ revision }) => supportOn(revision, day) === "supported");
}

/**
 * The revisions that are compatible with a cluster, oldest first, supported or not.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
 */
export function revisionsFor({ kubernetesVersion, plan }: ClusterVersion): readonly CatalogEntry[] {
  return catalog.revisions.filter(
    ({ revision }) => kubernetesFit(revision, kubernetesVersion, plan).fits === true,
  );
}

/**
 * The revisions that a canary upgrade can target, oldest first: `certain` ones do not depend on expected dates that
 * have passed, `possible` ones do.
 */
export interface UpgradeTargets {
  readonly certain: readonly MeshRevision[];
  readonly possible: readonly MeshRevision[];
}

/**
 * The revisions in the catalog that a revision can be upgraded to on a day: the next one, or the one after it if both
 * are supported; only the nearest supported one if neither the revision nor the next one is supported. With a cluster,
 * only those that are compatible with its Kubernetes version.
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
 * Every possible set of supported revisions on a day. Support ends in order of age, so of the revisions with an
 * uncertain end, the oldest none, one, two … have ended.
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
