import { catalog, kubernetesMinor } from "../../mesh/catalog.ts";
import type { CatalogEntry, SupportPlan } from "../../mesh/catalog.ts";
import { PLANS, compareWithCatalog, unknownOf } from "../../mesh/catalogComparison.ts";
import type { Difference } from "../../mesh/catalogComparison.ts";
import { daysBetween, lastDayOf } from "../../mesh/days.ts";
import { CALENDAR_READ, KUBERNETES_CALENDAR } from "../../mesh/kubernetesCalendar.ts";
import { offeredRange } from "../../mesh/offeredRevision.ts";
import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { supportOn, upgradeTargets } from "../../mesh/support.ts";
import type { Day, SupportStatus, UpgradeTargets } from "../../mesh/support.ts";
import { supportEnd } from "../../mesh/supportEnd.ts";
import type { SupportBasis } from "../../mesh/supportEnd.ts";

/** The end of support of a revision or a version, from a day. */
export interface End<Basis> {
  /** The last day of support. */
  readonly day: Day;
  /** Days until then; negative if it has passed. */
  readonly days: number;
  readonly basis: Basis;
}

/** A revision on a day. Of one that only Azure knows, there are no dates. */
export interface RevisionRow {
  readonly revision: MeshRevision;
  /** `YYYY-MM`. */
  readonly released?: string;
  readonly releasedEstimated?: true;
  readonly status: SupportStatus;
  readonly end?: End<SupportBasis>;
  readonly kubernetes: CatalogEntry["kubernetes"] | Partial<CatalogEntry["kubernetes"]>;
  readonly upgrades: UpgradeTargets;
  /** Whether the region offers it; absent without an answer of Azure. */
  readonly offered?: boolean;
}

/** A Kubernetes version on a day, with the end of its support under each plan. */
export interface KubernetesRow {
  readonly version: string;
  readonly ends: Readonly<Record<SupportPlan, End<"announced" | "expected">>>;
}

/** The revisions and Kubernetes versions on a day, and how an answer of Azure differs from the catalog. */
export interface RevisionsOverview {
  readonly day: Day;
  readonly catalog: { readonly asOf: Day; readonly source: string; readonly updatedFrom?: string };
  readonly revisions: readonly RevisionRow[];
  readonly kubernetes: readonly KubernetesRow[];
  /** Absent without an answer of Azure. */
  readonly differences?: readonly Difference[];
}

/** What an overview contains. */
export interface OverviewChoice {
  readonly day: Day;
  readonly offered?: readonly OfferedRevision[];
  /** Only what runs on this Kubernetes version, under any support plan, and the version itself, even if it has ended. */
  readonly kubernetesVersion?: string;
  /** Also revisions and versions whose support has ended. */
  readonly all: boolean;
}

/**
 * What the catalog and an answer of Azure say of revisions and Kubernetes versions on a day.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 */
export function revisionsOverview(choice: OverviewChoice): RevisionsOverview {
  const { day, offered, all } = choice;
  const { asOf, source, updatedFrom } = catalog;
  const rows = [
    ...catalog.revisions.map((entry) => knownRow(entry, choice)),
    ...unknownOf(offered ?? [], catalog).map(unknownRow),
  ];
  return {
    day,
    catalog: { asOf, source, ...(updatedFrom === undefined ? {} : { updatedFrom }) },
    revisions: rows
      .filter(({ status, offered: isOffered }) => all || status !== "ended" || isOffered === true)
      .filter((row) => fits(row, choice.kubernetesVersion)),
    kubernetes: kubernetesRows(choice),
    ...(offered === undefined ? {} : { differences: compareWithCatalog(offered, day) }),
  };
}

function knownRow(entry: CatalogEntry, { day, offered }: OverviewChoice): RevisionRow {
  const { revision, released, releasedEstimated, kubernetes } = entry;
  const end = supportEnd(entry);
  const answer = offered?.find((one) => one.revision === revision);
  return {
    revision,
    released,
    ...(releasedEstimated === undefined ? {} : { releasedEstimated }),
    status: supportOn(revision, day),
    end: { ...end, days: daysBetween(day, end.day) },
    kubernetes: answer === undefined ? kubernetes : kubernetesOf(answer),
    upgrades:
      answer === undefined
        ? upgradeTargets(revision, day)
        : { certain: answer.upgrades, possible: [] },
    ...(offered === undefined ? {} : { offered: answer !== undefined }),
  };
}

function unknownRow(offered: OfferedRevision): RevisionRow {
  return {
    revision: offered.revision,
    status: "unknown",
    kubernetes: kubernetesOf(offered),
    upgrades: { certain: offered.upgrades, possible: [] },
    offered: true,
  };
}

function kubernetesOf(offered: OfferedRevision): RevisionRow["kubernetes"] {
  return Object.fromEntries(
    PLANS.flatMap((plan) => {
      const range = offeredRange(offered, plan);
      return range === undefined ? [] : [[plan, range]];
    }),
  );
}

function fits({ kubernetes }: RevisionRow, version: string | undefined): boolean {
  return (
    version === undefined ||
    PLANS.some((plan) => {
      const range = kubernetes[plan];
      return range !== undefined && isWithin(version, range);
    })
  );
}

function isWithin(
  version: string,
  { oldest, newest }: { oldest: string; newest: string },
): boolean {
  const [minor, from, to] = [version, oldest, newest].map((one) => kubernetesMinor(one) ?? NaN);
  return (
    minor !== undefined && from !== undefined && to !== undefined && from <= minor && minor <= to
  );
}

function kubernetesRows({ day, all, kubernetesVersion }: OverviewChoice): readonly KubernetesRow[] {
  const end = (month: string): End<"announced" | "expected"> => {
    const last = lastDayOf(month);
    const basis = month < CALENDAR_READ.slice(0, 7) ? "announced" : "expected";
    return { day: last, days: daysBetween(day, last), basis };
  };
  return KUBERNETES_CALENDAR.map(({ version, ...months }) => ({
    version,
    ends: {
      KubernetesOfficial: end(months.KubernetesOfficial),
      AKSLongTermSupport: end(months.AKSLongTermSupport),
    },
  })).filter(({ version, ends }) =>
    kubernetesVersion === undefined
      ? all || PLANS.some((plan) => ends[plan].days >= 0)
      : kubernetesMinor(version) === kubernetesMinor(kubernetesVersion),
  );
}
