import { kubernetesMinor } from "./catalog.ts";
import type { Catalog, CatalogEntry } from "./catalog.ts";
import { PLANS, isWithdrawn, unknownOf } from "./catalogComparison.ts";
import { addMonths } from "./days.ts";
import { offeredRange, offeredVersions } from "./offeredRevision.ts";
import type { OfferedRevision } from "./offeredRevision.ts";
import { compareRevisions } from "./revision.ts";
import type { Day } from "./support.ts";

/**
 * How long a new revision is expected to be supported, in months. Istio releases a minor version every quarter, so two
 * newer ones take six months, and six weeks follow.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions
 * @see https://istio.io/latest/docs/releases/supported-releases/
 */
const EXPECTED_MONTHS = 7;

/** An answer of Azure, with the day it was given and the command that gives it. */
export interface RevisionAnswer {
  readonly offered: readonly OfferedRevision[];
  readonly day: Day;
  readonly from: string;
}

/**
 * Why an answer cannot update a catalog, a sentence each; empty if it can. An answer that cannot be right must not
 * replace facts that are.
 */
export function answerProblems(
  { offered, day }: RevisionAnswer,
  catalog: Catalog,
): readonly string[] {
  const revisions = offered.map(({ revision }) => revision);
  const newest = catalog.revisions.at(-1)?.revision;
  const strange = unknownOf(offered, catalog).filter(
    ({ revision }) => newest !== undefined && compareRevisions(revision, newest) < 0,
  );
  const isKnown = revisions.some((one) =>
    catalog.revisions.some((entry) => entry.revision === one),
  );
  return [
    ...(day < catalog.asOf
      ? [`The answer is of ${day}, but the catalog is of ${catalog.asOf}, which is later.`]
      : []),
    ...(offered.length > 0 && !isKnown
      ? ["The answer has no revision that the catalog has, too."]
      : []),
    ...(offered.length === 0 ? ["The answer has no revisions."] : []),
    ...revisions
      .filter((revision, index) => revisions.indexOf(revision) !== index)
      .map((revision) => `The answer has ${revision} twice.`),
    ...strange.map(
      ({ revision }) =>
        `The answer has ${revision}, which is older than the catalog's newest, but not in it.`,
    ),
    ...offered.flatMap(revisionProblems),
  ];
}

function revisionProblems(offered: OfferedRevision): readonly string[] {
  const { revision, upgrades } = offered;
  const plans = PLANS.flatMap((plan) => {
    const versions = offeredVersions(offered, plan);
    const minors = versions.map(kubernetesMinor);
    const wrong = versions.filter((version) => !/^\d+\.\d+$/.test(version));
    if (wrong.length > 0) {
      return [`${revision} runs on ${wrong.join(", ")} under ${plan}, but a version is like 1.33.`];
    }
    const gap = minors.findIndex((minor, i) => i > 0 && minor !== (minors[i - 1] ?? 0) + 1);
    return gap === -1
      ? []
      : [
          `${revision} runs on ${versions.join(", ")} under ${plan}, which is not a range, as the catalog needs.`,
        ];
  });
  return [
    ...(offeredVersions(offered, "KubernetesOfficial").length === 0
      ? [`${revision} runs on no Kubernetes version under KubernetesOfficial.`]
      : []),
    ...plans,
    ...upgrades
      .filter((target) => compareRevisions(revision, target) >= 0)
      .map((target) => `${revision} can be upgraded to ${target}, which is not newer.`),
  ];
}

/**
 * The catalog with what an answer says. It keeps the dates that no answer has: of a new revision they are estimated, an
 * expected end that has passed moves on while the revision is offered, and the end of one that is not offered any more
 * is no longer only expected.
 */
export function updatedCatalog({ offered, day, from }: RevisionAnswer, catalog: Catalog): Catalog {
  const month = day.slice(0, 7);
  const revisions: CatalogEntry[] = [];
  for (const entry of catalog.revisions) {
    const found = offered.find(({ revision }) => revision === entry.revision);
    const soonest = later(month, revisions.at(-1)?.endOfLife ?? month);
    revisions.push(
      found !== undefined
        ? stillOffered(entry, found, soonest)
        : isWithdrawn(entry.revision, offered)
          ? withdrawn(entry, month)
          : entry,
    );
  }
  const news = unknownOf(offered, catalog);
  for (const [index, found] of news.entries()) {
    const before = revisions.at(-1);
    revisions.push(added(found, before, addMonths(month, index + 1 - news.length)));
  }
  return { asOf: day, source: catalog.source, updatedFrom: from, revisions };
}

/** @param soonest the month in which its support can end at the earliest */
function stillOffered(
  entry: CatalogEntry,
  offered: OfferedRevision,
  soonest: string,
): CatalogEntry {
  const { endOfLife } = entry;
  return {
    ...entry,
    ...(endOfLife < soonest ? { endOfLife: soonest, endOfLifeEstimated: true } : {}),
    kubernetes: kubernetesOf(offered),
  };
}

function withdrawn(entry: CatalogEntry, month: string): CatalogEntry {
  const { endOfLife } = entry;
  return {
    ...entry,
    endOfLife: endOfLife < month ? endOfLife : month,
    endOfLifeEstimated: false,
  };
}

/** @param month the month in which it was released at the latest */
function added(
  offered: OfferedRevision,
  before: CatalogEntry | undefined,
  month: string,
): CatalogEntry {
  const released = later(month, before === undefined ? month : addMonths(before.released, 1));
  return {
    revision: offered.revision,
    released,
    releasedEstimated: true,
    endOfLife: later(addMonths(released, EXPECTED_MONTHS), before?.endOfLife ?? released),
    endOfLifeEstimated: true,
    kubernetes: kubernetesOf(offered),
  };
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

function kubernetesOf(offered: OfferedRevision): CatalogEntry["kubernetes"] {
  const official = offeredRange(offered, "KubernetesOfficial");
  const longTerm = offeredRange(offered, "AKSLongTermSupport");
  if (official === undefined) throw new Error(`${offered.revision} has no Kubernetes versions.`);
  return {
    KubernetesOfficial: official,
    ...(longTerm === undefined ? {} : { AKSLongTermSupport: longTerm }),
  };
}
