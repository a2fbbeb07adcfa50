import { catalog, findRevision } from "./catalog.ts";
import type { MeshRevision } from "./revision.ts";
import { supportOn, upgradeTargets } from "./support.ts";
import type { ClusterVersion, Day } from "./support.ts";
import type { MeshSettings } from "./upgrade.ts";

/** An upgrade whose target is no longer supported, and the ways out of it. */
export interface StaleUpgrade {
  /** A sentence. */
  readonly why: string;
  /** Sentences, the best way first. */
  readonly ways: readonly string[];
}

/**
 * Whether support of the target of an upgrade has ended, or may have, before the upgrade is complete. AKS then installs it
 * nowhere anew, but a cluster that already runs it continues to.
 *
 * @returns undefined if no upgrade is in progress, or its target is supported or unknown
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions
 */
export function staleUpgrade(
  { revision, upgrade }: MeshSettings,
  day: Day,
  cluster?: ClusterVersion,
): StaleUpgrade | undefined {
  if (upgrade === undefined) return undefined;
  const { to, phase } = upgrade;
  const status = supportOn(to, day);
  if (status !== "ended" && status !== "perhaps-ended") return undefined;
  const month = findRevision(to)?.endOfLife ?? "";
  const why =
    status === "ended"
      ? `Support of ${to} ended in ${month}, before the upgrade is complete.`
      : `Support of ${to} was expected to end in ${month}, before the upgrade is complete; ask Azure: az aks mesh get-revisions.`;
  const retarget = targetText(revision, to, day, cluster);
  if (phase === "prepared") {
    return {
      why,
      ways: [
        `Nothing runs ${to} yet. Set another target with --next --to: ${retarget}.`,
        "Or give the upgrade up with --back.",
      ],
    };
  }
  return {
    why,
    ways: [
      `Complete the upgrade with --next, and upgrade from ${to} at once: ${targetText(to, to, day, cluster)}.`,
      `Or go back with --back until the phase is prepared, and set another target with --next --to: ${retarget}.`,
    ],
  };
}

function targetText(
  from: MeshRevision,
  stale: MeshRevision,
  day: Day,
  cluster: ClusterVersion | undefined,
): string {
  const { certain, possible } = upgradeTargets(from, day, cluster);
  const targets = [...certain, ...possible].filter((target) => target !== stale);
  return targets.length === 0
    ? `the catalog of ${catalog.asOf} has none, so ask Azure with az aks mesh get-upgrades`
    : targets.join(" or ");
}
