import data from "./catalog.json";
import { compareRevisions, isMeshRevision } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/**
 * The support plan of the cluster's Kubernetes version: ARM's values of `supportPlan`.
 *
 * @see https://learn.microsoft.com/azure/aks/long-term-support
 */
export type SupportPlan = "KubernetesOfficial" | "AKSLongTermSupport";

/** A range of Kubernetes minor versions, inclusive: `{ oldest: "1.32", newest: "1.36" }`. */
export interface KubernetesRange {
  readonly oldest: string;
  readonly newest: string;
}

/**
 * The published data of one revision. Months are `YYYY-MM`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export interface CatalogEntry {
  readonly revision: MeshRevision;
  /** Month in which AKS first offered the revision. */
  readonly released: string;
  /** Present if `released` is only estimated, because the source does not say it. */
  readonly releasedEstimated?: true;
  /** Last month of support. */
  readonly endOfLife: string;
  /** Whether `endOfLife` is only expected. */
  readonly endOfLifeEstimated: boolean;
  /** The compatible Kubernetes versions. Revisions before `asm-1-25` do not support clusters with long-term support. */
  readonly kubernetes: {
    readonly KubernetesOfficial: KubernetesRange;
    readonly AKSLongTermSupport?: KubernetesRange;
  };
}

/**
 * A snapshot of the release calendar: the day it was read (`YYYY-MM-DD`), its source, and its revisions, oldest first.
 * `updatedFrom` is the command whose answer changed it since.
 */
export interface Catalog {
  readonly asOf: string;
  readonly source: string;
  readonly updatedFrom?: string;
  readonly revisions: readonly CatalogEntry[];
}

/**
 * The release calendar that this version of the project includes. New revisions and new versions of Kubernetes appear
 * about every three months; both cause a warning, never an error.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
// A test checks the shape of the file, so it is not checked at run time.
export const catalog = data as Catalog;

const entries = new Map<string, CatalogEntry>(
  catalog.revisions.map((entry) => [entry.revision, entry]),
);

/**
 * The catalog's entry for a revision; undefined if it has none.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function findRevision(revision: string): CatalogEntry | undefined {
  return entries.get(revision);
}

/**
 * The newest revision in the catalog, whether or not every region offers it yet.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function newestRevision(): MeshRevision {
  const newest = catalog.revisions.at(-1);
  if (newest === undefined) throw new Error("The revision catalog is empty.");
  return newest.revision;
}

/**
 * The status of a revision in the catalog: `newer-than-catalog` may exist by now, `unknown` never existed or is older
 * than the catalog, `malformed` is not of the form `asm-<major>-<minor>`.
 */
export type RevisionStatus = "known" | "newer-than-catalog" | "unknown" | "malformed";

/**
 * The status of a revision in the catalog.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function revisionStatus(revision: string): RevisionStatus {
  if (!isMeshRevision(revision)) return "malformed";
  if (entries.has(revision)) return "known";
  return compareRevisions(revision, newestRevision()) > 0 ? "newer-than-catalog" : "unknown";
}

/**
 * The newest Kubernetes minor version that any revision in the catalog supports, such as `1.36`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
 */
export function newestKubernetes(): string {
  const versions = catalog.revisions.map(({ kubernetes }) => kubernetes.KubernetesOfficial.newest);
  return versions.reduce((newest, version) =>
    (kubernetesMinor(version) ?? 0) > (kubernetesMinor(newest) ?? 0) ? version : newest,
  );
}

/**
 * The status of a Kubernetes version in the catalog: `known` up to the newest version that any revision supports,
 * `newer-than-catalog` after it, `malformed` without a valid minor version.
 */
export type KubernetesStatus = "known" | "newer-than-catalog" | "malformed";

/**
 * The status of a Kubernetes version (`1.33` or `1.33.2`) in the catalog.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
 */
export function kubernetesStatus(version: string): KubernetesStatus {
  const minor = kubernetesMinor(version);
  if (minor === undefined) return "malformed";
  const newest = kubernetesMinor(newestKubernetes());
  return newest === undefined || minor > newest ? "newer-than-catalog" : "known";
}

/**
 * Whether a revision supports a Kubernetes version (`1.33` or `1.33.2`) under a support plan, and the range it
 * supports. `fits` is undefined if the catalog cannot tell, because the revision is unknown, or the version is newer
 * than the catalog or malformed. `range` is undefined if the revision is unknown, or supports no version under that
 * plan.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
 */
export function kubernetesFit(
  revision: string,
  kubernetesVersion: string | undefined,
  plan: SupportPlan,
): { readonly fits: boolean | undefined; readonly range: KubernetesRange | undefined } {
  const entry = findRevision(revision);
  const range = entry?.kubernetes[plan];
  const minor = kubernetesMinor(kubernetesVersion);
  const untold = kubernetesStatus(kubernetesVersion ?? "") === "newer-than-catalog";
  if (entry === undefined || minor === undefined || untold) return { fits: undefined, range };
  return { fits: range !== undefined && contains(range, minor), range };
}

function contains(range: KubernetesRange, minor: number): boolean {
  const oldest = kubernetesMinor(range.oldest);
  const newest = kubernetesMinor(range.newest);
  return oldest !== undefined && newest !== undefined && oldest <= minor && minor <= newest;
}

/**
 * A number that orders Kubernetes versions (`1.33` or `1.33.2`) by major and minor version. Undefined for a malformed
 * version.
 */
export function kubernetesMinor(version: string | undefined): number | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d{1,3})(?:\.|$)/.exec(version ?? "") ?? [];
  return major === undefined ? undefined : Number(major) * 1000 + Number(minor);
}
