import { findRevision } from "../../../mesh/catalog.ts";
import { daysBetween, lastDayOf } from "../../../mesh/days.ts";
import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import { supportOn } from "../../../mesh/support.ts";
import type { Day } from "../../../mesh/support.ts";
import type { AksCluster } from "../azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";

export interface EndOfSupport {
  readonly revision: string;
  /** The last month of support, as YYYY-MM. */
  readonly end: string;
  /** False if the catalog only expects that month. */
  readonly certain: boolean;
  /** Full days since the last day of that month. */
  readonly daysSince: number;
}

/** The end of support for the newest revision of a cluster, if it has passed or may have passed on a day. */
export function endOfSupport(cluster: AksCluster, today: Day): Read<EndOfSupport> {
  const revision = newestRevision(cluster);
  if (revision === undefined || revision instanceof Unknown) return revision;
  const entry = findRevision(revision);
  const status = entry && supportOn(revision, today);
  if (entry === undefined || (status !== "ended" && status !== "perhaps-ended")) {
    return undefined;
  }
  const { endOfLife: end } = entry;
  return {
    revision,
    end,
    certain: status === "ended",
    daysSince: daysBetween(lastDayOf(end), today),
  };
}

/** The revision that workloads run on or move to: an upgrade removes the older one. */
function newestRevision(cluster: AksCluster): Read<string> {
  const items = cluster.at("revisions").items();
  if (items === undefined || items instanceof Unknown) return items;
  const revisions = items.map((item) => item.text());
  return (
    revisions.find((revision) => revision instanceof Unknown) ??
    revisions
      .filter((revision) => typeof revision === "string")
      .filter(isMeshRevision)
      .sort(compareRevisions)
      .at(-1)
  );
}
