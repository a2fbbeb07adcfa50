import { catalog, kubernetesFit, revisionStatus } from "./catalog.ts";
import type { Problem } from "./problem.ts";
import { compareRevisions, revisionGap } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";
import { supportedRevisions, upgradeTargets } from "./support.ts";
import type { ClusterVersion, Day } from "./support.ts";

/** What a check depends on besides the settings. */
export interface Circumstances {
  readonly day: Day;
  readonly cluster?: ClusterVersion;
}

/**
 * The problems of upgrading from one revision to another, with paths from the mesh settings. Anything that only Azure
 * knows is a warning: a revision newer than the catalog, or support that may or may not have ended.
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
  if (order === 0) return problem("error", `${to} is already running: remove upgrade.`);
  if (order > 0) {
    return problem("error", `${to} is older than ${from}, but AKS does not downgrade a mesh.`);
  }
  if (cluster !== undefined) {
    const { fits, range } = kubernetesFit(to, cluster.kubernetesVersion, cluster.plan);
    if (fits === false) {
      const runsOn = range === undefined ? "no version" : `${range.oldest} to ${range.newest}`;
      return problem(
        "error",
        `${to} does not run on Kubernetes ${cluster.kubernetesVersion} under ${cluster.plan}: it runs on ${runsOn}. Choose another revision, or upgrade the cluster if it is too old.`,
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
    `${to} cannot follow ${from} as of ${day}: ${
      targets.length === 0
        ? "no revision in the catalog can"
        : `upgrade to ${targets.join(" or ")} instead`
    }.`,
  );
}

/**
 * Whether a revision that is not in the catalog is definitely too far ahead: more than two minors, while a revision in
 * between, or the current one, is definitely supported and would have to come first.
 */
function isBeyondReach(from: MeshRevision, to: MeshRevision, day: Day): boolean {
  const gap = revisionGap(from, to);
  return (
    Number.isFinite(gap) &&
    gap > 2 &&
    supportedRevisions(day).some(({ revision }) => compareRevisions(from, revision) <= 0)
  );
}
