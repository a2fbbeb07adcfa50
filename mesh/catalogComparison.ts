import { catalog } from "./catalog.ts";
import type { Catalog, CatalogEntry, KubernetesRange, SupportPlan } from "./catalog.ts";
import { offeredRange } from "./offeredRevision.ts";
import type { OfferedRevision } from "./offeredRevision.ts";
import { compareRevisions } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";
import { supportOn, upgradeTargets } from "./support.ts";
import type { Day } from "./support.ts";

/**
 * How an answer of Azure differs from the catalog for a revision. `not-offered-yet`: it is newer than all that are
 * offered, so it has not reached the region.
 */
export type DifferenceKind =
  "new" | "withdrawn" | "not-offered-yet" | "still-offered" | "kubernetes" | "upgrades";

/** A difference between an answer of Azure and the catalog; the message is a sentence. */
export interface Difference {
  readonly revision: MeshRevision;
  readonly kind: DifferenceKind;
  readonly message: string;
}

export const PLANS: readonly SupportPlan[] = ["KubernetesOfficial", "AKSLongTermSupport"];

/**
 * Where the revisions that a region offers differ from the catalog, oldest revision first.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions
 */
export function compareWithCatalog(
  offered: readonly OfferedRevision[],
  day: Day,
): readonly Difference[] {
  const known = catalog.revisions.flatMap((entry) => {
    const found = offered.find(({ revision }) => revision === entry.revision);
    return found === undefined ? absent(entry, offered, day) : changed(entry, found, day);
  });
  const news = unknownOf(offered, catalog).map(({ revision }) =>
    difference(revision, "new", "is offered, but the catalog does not have it"),
  );
  return [...known, ...news].sort((one, other) => compareRevisions(one.revision, other.revision));
}

/** The offered revisions that the catalog does not have, oldest first. */
export function unknownOf(
  offered: readonly OfferedRevision[],
  { revisions }: Catalog,
): readonly OfferedRevision[] {
  return offered
    .filter(({ revision }) => !revisions.some((entry) => entry.revision === revision))
    .sort((one, other) => compareRevisions(one.revision, other.revision));
}

/** Whether a revision is not offered any more, rather than not yet: a newer one is offered. */
export function isWithdrawn(revision: MeshRevision, offered: readonly OfferedRevision[]): boolean {
  return (
    offered.every((one) => one.revision !== revision) &&
    offered.some((one) => compareRevisions(revision, one.revision) < 0)
  );
}

function absent(
  { revision, endOfLife }: CatalogEntry,
  offered: readonly OfferedRevision[],
  day: Day,
): readonly Difference[] {
  if (supportOn(revision, day) === "ended") return [];
  return isWithdrawn(revision, offered)
    ? [
        difference(
          revision,
          "withdrawn",
          `is not offered any more; the catalog expects its support to end in ${endOfLife}`,
        ),
      ]
    : [difference(revision, "not-offered-yet", "is not offered in this region yet")];
}

function changed(entry: CatalogEntry, offered: OfferedRevision, day: Day): readonly Difference[] {
  const { revision, endOfLife, endOfLifeEstimated } = entry;
  const status = supportOn(revision, day);
  const isOver = status === "ended" || status === "perhaps-ended";
  const ended = endOfLifeEstimated ? "was expected to end" : "ended";
  return [
    ...(isOver
      ? [
          difference(
            revision,
            "still-offered",
            `is still offered, but its support ${ended} in ${endOfLife}`,
          ),
        ]
      : []),
    ...PLANS.flatMap((plan) => changedRange(entry, offered, plan)),
    ...changedUpgrades(offered, day),
  ];
}

function changedRange(
  { revision, kubernetes }: CatalogEntry,
  offered: OfferedRevision,
  plan: SupportPlan,
): readonly Difference[] {
  const [was, is] = [rangeText(kubernetes[plan]), rangeText(offeredRange(offered, plan))];
  return was === is
    ? []
    : [
        difference(
          revision,
          "kubernetes",
          `runs on Kubernetes ${is} under ${plan}; the catalog says ${was}`,
        ),
      ];
}

/** Only among revisions that the catalog has: others are differences of their own. */
function changedUpgrades(offered: OfferedRevision, day: Day): readonly Difference[] {
  const { revision } = offered;
  const { certain, possible } = upgradeTargets(revision, day);
  const known = catalog.revisions.map((entry) => entry.revision);
  const says = offered.upgrades.filter((target) => known.includes(target));
  const missing = certain.filter((target) => !says.includes(target));
  const more = says.filter((target) => ![...certain, ...possible].includes(target));
  return [
    ...missing.map((target) => `cannot be upgraded to ${target}, but the catalog says that it can`),
    ...more.map((target) => `can be upgraded to ${target}, but the catalog says that it cannot`),
  ].map((message) => difference(revision, "upgrades", message));
}

function difference(revision: MeshRevision, kind: DifferenceKind, message: string): Difference {
  return { revision, kind, message: `${revision} ${message}.` };
}

function rangeText(range: KubernetesRange | undefined): string {
  return range === undefined ? "no version" : `${range.oldest} to ${range.newest}`;
}
