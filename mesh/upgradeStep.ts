import { catalog } from "./catalog.ts";
import type { MeshRevision } from "./revision.ts";
import { upgradeTargets } from "./support.ts";
import { planMesh } from "./upgrade.ts";
import type { MeshState, UpgradeStep } from "./upgrade.ts";
import type { Circumstances } from "./upgradeTarget.ts";

/** A step, or a sentence that says why there is none. */
export type StepOrProblem = UpgradeStep | { readonly problem: string };

/**
 * The step that continues the upgrade, or starts one. Whether it is legal is left to `judgeChange`.
 *
 * @param to the target; by default the only certain one. In the phase `prepared`, another target replaces it
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export function nextStep(
  state: MeshState,
  to: MeshRevision | undefined,
  circumstances: Circumstances,
): StepOrProblem {
  const { revision, upgrade } = state.settings;
  if (upgrade === undefined) return firstStep(state, to, circumstances);
  if (to !== undefined && to !== upgrade.to) {
    return upgrade.phase === "prepared"
      ? prepared(
          state,
          to,
          `set upgrade.to to ${to}, which then has the ConfigMap of ${upgrade.to}`,
        )
      : {
          problem: `An upgrade to ${upgrade.to} is in progress, and it has left the phase prepared, so its target cannot change. Go back to prepared with --back, or complete it first.`,
        };
  }
  const { next } = planMesh(state);
  if (next === undefined) throw new Error(`An upgrade of ${revision} has no next step.`);
  return next;
}

/** The step back; a problem if no upgrade is in progress. */
export function backStep(state: MeshState): StepOrProblem {
  return (
    planMesh(state).back ?? {
      problem:
        "No upgrade is in progress, so there is no step back. AKS does not downgrade a mesh once an upgrade is complete.",
    }
  );
}

function firstStep(
  state: MeshState,
  to: MeshRevision | undefined,
  { day, cluster }: Circumstances,
): StepOrProblem {
  const { revision } = state.settings;
  const { certain, possible } = upgradeTargets(revision, day, cluster);
  const [only, ...others] = certain;
  const target = to ?? (others.length === 0 ? only : undefined);
  if (target !== undefined) {
    return prepared(state, target, `set upgrade to { to: ${target}, phase: prepared }`);
  }
  const all = [...certain, ...possible];
  return {
    problem:
      all.length === 0
        ? `The catalog of ${catalog.asOf} has no revision that can follow ${revision}. Ask Azure with az aks mesh get-upgrades, and name it with --to.`
        : `More than one revision can perhaps follow ${revision}: ${all.join(", ")}. Name one with --to.`,
  };
}

function prepared(
  { settings, namespaces }: MeshState,
  to: MeshRevision,
  does: string,
): UpgradeStep {
  const { revision } = settings;
  return {
    does,
    leadsTo: { settings: { revision, upgrade: { to, phase: "prepared" } }, namespaces },
    first: [],
  };
}
