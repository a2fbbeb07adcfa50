import { findRevision } from "../../../mesh/catalog.ts";
import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import { supportOn } from "../../../mesh/support.ts";
import type { Day } from "../../../mesh/support.ts";
import type { AksCluster } from "../azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";

const DAY_IN_MS = 86_400_000;

export interface EndOfSupport {
  readonly revision: string;
  /** The month with which support ended. */
  readonly end: string;
  /** False where that month was only expected when the catalog was made. */
  readonly certain: boolean;
  /** Full days since the last one of the month. */
  readonly daysSince: number;
}

/** That support for the newest revision of a cluster has ended on a day, or may have; undefined where it has not. */
export function endOfSupport(cluster: AksCluster, today: Day): Read<EndOfSupport> {
  const revision = newestRevision(cluster);
  if (revision === undefined || revision instanceof Unknown) return revision;
  const entry = findRevision(revision);
  const standing = entry && supportOn(revision, today);
  if (entry === undefined || (standing !== "ended" && standing !== "perhaps-ended")) {
    return undefined;
  }
  const { endOfLife: end } = entry;
  return { revision, end, certain: standing === "ended", daysSince: daysSince(end, today) };
}

/** The revision that workloads run on, or are on the way to: an older one beside it is about to go. */
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

function daysSince(month: string, day: Day): number {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const last = Date.UTC(year, number, 0);
  return Math.round((Date.parse(day) - last) / DAY_IN_MS);
}
