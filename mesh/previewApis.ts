import type { Day } from "./support.ts";

/** The retirement of a preview version of the AKS API. */
export interface PreviewRetirement {
  /** The day, or about the day, on which requests begin to fail. */
  readonly day: Day;
  /** Whether Microsoft announced that day. Otherwise it is a year after the date in the version. */
  readonly announced: boolean;
}

/**
 * The newest preview version whose retirement is announced, and its day. Older ones retired then or before. Read on
 * 2026-08-21.
 *
 * @see https://learn.microsoft.com/azure/aks/concepts-preview-api-life-cycle#upcoming-deprecations
 */
const ANNOUNCED = { newest: "2024-09-02-preview", day: "2026-07-01" };

/**
 * The retirement of a version of the AKS API; undefined for a stable version, such as `2025-09-01`. A preview version
 * works for about a year.
 *
 * @see https://learn.microsoft.com/azure/aks/concepts-preview-api-life-cycle
 */
export function previewRetirement(version: string): PreviewRetirement | undefined {
  const [, year, rest = ""] = /^(\d{4})(-\d{2}-\d{2})-preview$/.exec(version) ?? [];
  if (year === undefined) return undefined;
  if (version <= ANNOUNCED.newest) return { day: ANNOUNCED.day, announced: true };
  return { day: `${Number(year) + 1}${rest}`, announced: false };
}
