import { catalog } from "./catalog.ts";
import type { CatalogEntry } from "./catalog.ts";
import { addDays, firstDayOf, lastDayOf } from "./days.ts";
import type { Day } from "./support.ts";

/**
 * What the last day of support is based on: a month that Microsoft has announced, a month that the calendar expects, or
 * Microsoft's rule.
 */
export type SupportBasis = "announced" | "expected" | "rule";

/** The last day of support of a revision. */
export interface SupportEnd {
  readonly day: Day;
  readonly basis: SupportBasis;
}

/** How long a revision stays in support after the second newer one starts to roll out. */
const DAYS_AFTER_SECOND_NEWER = 42;

/**
 * The last day of support of a revision. Where the calendar only expects a month, Microsoft's rule decides if it can:
 * the revision `n-2` is supported until six weeks after `n` starts to roll out. As the calendar has only the month of
 * that, the day is the earliest one.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions
 */
export function supportEnd(
  entry: CatalogEntry,
  revisions: readonly CatalogEntry[] = catalog.revisions,
): SupportEnd {
  const { endOfLife, endOfLifeEstimated, revision } = entry;
  if (!endOfLifeEstimated) return { day: lastDayOf(endOfLife), basis: "announced" };
  const secondNewer = revisions[revisions.findIndex((one) => one.revision === revision) + 2];
  return secondNewer === undefined
    ? { day: lastDayOf(endOfLife), basis: "expected" }
    : { day: addDays(firstDayOf(secondNewer.released), DAYS_AFTER_SECOND_NEWER), basis: "rule" };
}
