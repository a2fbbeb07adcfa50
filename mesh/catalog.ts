import data from "./catalog.json";
import { compareRevisions, isMeshRevision } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/**
 * What the cluster's Kubernetes version is supported under, in ARM's words for `supportPlan`.
 *
 * @see https://learn.microsoft.com/azure/aks/long-term-support
 */
export type SupportPlan = "KubernetesOfficial" | "AKSLongTermSupport";

/** Minor versions of Kubernetes, both ends included: `{ oldest: "1.32", newest: "1.36" }`. */
export interface KubernetesRange {
  readonly oldest: string;
  readonly newest: string;
}

/**
 * What Microsoft publishes about one revision. Months are `YYYY-MM`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export interface CatalogEntry {
  readonly revision: MeshRevision;
  /** Month in which AKS began to offer the revision. */
  readonly released: string;
  /** Last month of support. */
  readonly endOfLife: string;
  /** The source gave `endOfLife` as expected, not as a fact. */
  readonly endOfLifeEstimated: boolean;
  /** The Kubernetes versions it runs on. Revisions before `asm-1-25` run on no cluster under long-term support. */
  readonly kubernetes: {
    readonly KubernetesOfficial: KubernetesRange;
    readonly AKSLongTermSupport?: KubernetesRange;
  };
}

/** A snapshot of the release calendar: the day it was read (`YYYY-MM-DD`), where, and its revisions, oldest first. */
export interface Catalog {
  readonly asOf: string;
  readonly source: string;
  readonly revisions: readonly CatalogEntry[];
}

/**
 * The release calendar that this version of the project knows. Newer revisions appear every three months or so, and
 * newer versions of Kubernetes as well; both are a reason for a warning, never for a refusal.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
// Checked by its test, so that nobody waits for a check of what is committed.
export const catalog = data as Catalog;

const entries = new Map<string, CatalogEntry>(
  catalog.revisions.map((entry) => [entry.revision, entry]),
);

/**
 * What the catalog knows about a revision; undefined where it does not know it.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function findRevision(revision: string): CatalogEntry | undefined {
  return entries.get(revision);
}

/**
 * The newest revision that the catalog knows, whether or not a region offers it already.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function newestRevision(): MeshRevision {
  const newest = catalog.revisions.at(-1);
  if (newest === undefined) throw new Error("The revision catalog is empty.");
  return newest.revision;
}

/**
 * How a text stands to the catalog: `newer-than-catalog` may well exist by now, `unknown` never did (or is older than
 * the catalog), `malformed` is not written as `asm-<major>-<minor>`.
 */
export type RevisionStatus = "known" | "newer-than-catalog" | "unknown" | "malformed";

/**
 * How a revision stands to the catalog.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function revisionStatus(revision: string): RevisionStatus {
  if (!isMeshRevision(revision)) return "malformed";
  if (entries.has(revision)) return "known";
  return compareRevisions(revision, newestRevision()) > 0 ? "newer-than-catalog" : "unknown";
}

/**
 * The newest Kubernetes minor version that any revision of the catalog runs on, such as `1.36`.
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
 * How a text stands to the catalog as a Kubernetes version: `known` up to the newest that any revision runs on,
 * `newer-than-catalog` after it, `malformed` without a readable minor version.
 */
export type KubernetesStatus = "known" | "newer-than-catalog" | "malformed";

/**
 * How a Kubernetes version (`1.33` or `1.33.2`) stands to the catalog.
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
 * Whether a revision runs on a Kubernetes version (`1.33` or `1.33.2`) under a support plan, and on which versions it
 * does. `fits` is undefined if the catalog cannot tell: it does not know the revision, the version is newer than any
 * that it knows, or no readable version was given. `range` is undefined if it does not know the revision, or the
 * revision runs on nothing under that plan.
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
 * Orders versions of Kubernetes (`1.33` or `1.33.2`) by one number: the minor, with the major above it. Undefined where
 * no version can be read.
 */
export function kubernetesMinor(version: string | undefined): number | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d{1,3})(?:\.|$)/.exec(version ?? "") ?? [];
  return major === undefined ? undefined : Number(major) * 1000 + Number(minor);
}
