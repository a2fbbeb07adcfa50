import { catalog, kubernetesFit, revisionStatus } from "./catalog.ts";
import type { Problem } from "./problem.ts";
import { compareRevisions, revisionGap } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";
import { supportedRevisions, upgradeTargets } from "./support.ts";
import type { ClusterVersion, Day } from "./support.ts";

/** What a judgement depends on besides the settings. */
export interface Circumstances {
  readonly day: Day;
  readonly cluster?: ClusterVersion;
}

/**
 * What is wrong with upgrading from one revision to another, with paths from the mesh settings. Whatever only Azure
 * knows is a warning: a revision newer than the catalog, and support that should have ended but perhaps did not.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export function judgeTarget(
  from: MeshRevision,
  to: MeshRevision,
  { day, cluster }: Circumstances,
): readonly Problem[] {
  const problem = (severity: Problem["severity"], message: string): Problem[] => [
    { severity, path: "upgrade.to", message },
  ];
  const order = compareRevisions(from, to);
  if (order === 0) return problem("error", `${to} already runs: remove upgrade.`);
  if (order > 0) {
    return problem("error", `${to} is older than ${from}, and AKS does not downgrade a mesh.`);
  }
  if (cluster !== undefined) {
    const { fits, range } = kubernetesFit(to, cluster.kubernetesVersion, cluster.plan);
    if (fits === false) {
      const runsOn = range === undefined ? "no version" : `${range.oldest} to ${range.newest}`;
      return problem(
        "error",
        `${to} does not run on Kubernetes ${cluster.kubernetesVersion} under ${cluster.plan}: it runs on ${runsOn}. Choose another revision, or upgrade a cluster that is too old for it.`,
      );
    }
  }
  const { certain, possible } = upgradeTargets(from, day, cluster);
  if (certain.includes(to)) return [];
  const ask = "Ask Azure: az aks mesh get-upgrades.";
  if (revisionStatus(to) === "newer-than-catalog" && !isBeyondReach(from, to, day)) {
    return problem("warning", `${to} is newer than the catalog of ${catalog.asOf}. ${ask}`);
  }
  if (possible.includes(to)) {
    return problem(
      "warning",
      `Whether ${to} can follow ${from} depends on dates that were only expected on ${catalog.asOf}. ${ask}`,
    );
  }
  const targets = [...certain, ...possible];
  return problem(
    "error",
    `${to} cannot follow ${from} on ${day}: ${
      targets.length === 0
        ? "nothing in the catalog can"
        : `${targets.join(" or ")} can, and the rest only after that`
    }.`,
  );
}

/**
 * Whether a revision that the catalog does not know is surely too far ahead: further than two minors, where a revision
 * in between, or the one that runs, is surely supported and would have to come first.
 */
function isBeyondReach(from: MeshRevision, to: MeshRevision, day: Day): boolean {
  const gap = revisionGap(from, to);
  return (
    Number.isFinite(gap) &&
    gap > 2 &&
    supportedRevisions(day).some(({ revision }) => compareRevisions(from, revision) <= 0)
  );
}
