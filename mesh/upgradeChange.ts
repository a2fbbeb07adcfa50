import type { Problem } from "./problem.ts";
import { compareRevisions } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";
import { planMesh } from "./upgrade.ts";
import type { MeshPlan, MeshSettings, MeshState } from "./upgrade.ts";
import { judgeTarget } from "./upgradeTarget.ts";
import type { Circumstances } from "./upgradeTarget.ts";

const ORDER: readonly MeshPlan["phase"][] = ["none", "prepared", "canary", "promoted"];

/**
 * The problems of changing the mesh from one state to another in one deployment, with paths from the mesh settings.
 * Each deployment takes one step of the upgrade, forward or back. Namespaces may start or stop following the canary at
 * any time.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 * @see https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/istio-add-on-minor-revision-upgrade
 */
export function judgeChange(
  before: MeshState,
  after: MeshState,
  circumstances: Circumstances,
): readonly Problem[] {
  const [was, will] = [before.settings, after.settings];
  const plan = planMesh(before);
  const wasTo = was.upgrade?.to;
  const willTo = will.upgrade?.to;

  if (will.revision !== was.revision) {
    const finishes =
      plan.phase === "promoted" && will.revision === wasTo && will.upgrade === undefined;
    return finishes ? [] : [refuse("revision", revisionJump(plan, was, will))];
  }
  if (wasTo !== undefined && willTo !== undefined && wasTo !== willTo) {
    if (plan.phase === "prepared" && will.upgrade?.phase === "prepared") {
      return judgeTarget(was.revision, willTo, circumstances);
    }
    return [refuse("upgrade.to", retargeting(plan, was.revision, wasTo, willTo))];
  }

  const phase = will.upgrade?.phase ?? "none";
  const steps = ORDER.indexOf(phase) - ORDER.indexOf(plan.phase);
  const upgradedTo = wasTo ?? willTo;
  if (steps === 0 || upgradedTo === undefined) return [];
  if (Math.abs(steps) > 1) return [refuse("upgrade.phase", phaseJump(plan, phase, upgradedTo))];
  if (steps === 1) {
    return phase === "promoted" ? [] : judgeTarget(was.revision, upgradedTo, circumstances);
  }
  const stranded = phase === "prepared" ? namesOf(plan, upgradedTo) : "";
  return stranded === ""
    ? []
    : [
        refuse(
          "upgrade.phase",
          `stops ${upgradedTo}, which is still used by ${stranded}. ${goBack(plan)}`,
        ),
      ];
}

function revisionJump(plan: MeshPlan, was: MeshSettings, will: MeshSettings): string {
  if (was.upgrade === undefined) {
    return compareRevisions(was.revision, will.revision) > 0
      ? `goes back from ${was.revision} to ${will.revision}, but AKS does not downgrade a mesh. Leave revision at ${was.revision}.`
      : `replaces ${was.revision} with ${will.revision} under running workloads. Leave revision at ${was.revision}, and set upgrade to { to: ${will.revision}, phase: prepared }.`;
  }
  if (was.upgrade.to !== will.revision) {
    return `makes ${will.revision} a third revision, next to ${was.revision} and ${was.upgrade.to}. ${goOn(plan)} ${goBack(plan)}`;
  }
  if (plan.phase === "promoted") {
    return `finishes one upgrade and starts another in the same deployment. ${goOn(plan)}`;
  }
  const stranded = namesOf(plan, was.revision);
  return `stops ${was.revision}${stranded === "" ? "" : `, which is still used by ${stranded}`}, before ${will.revision} is promoted. ${goOn(plan)}`;
}

function retargeting(
  plan: MeshPlan,
  old: MeshRevision,
  wasTo: MeshRevision,
  willTo: MeshRevision,
): string {
  return plan.phase === "prepared"
    ? `starts ${willTo} unprepared: its shared ConfigMap must exist first. Keep upgrade.phase at prepared for this deployment.`
    : `makes ${willTo} a third revision, next to ${old} and ${wasTo}. ${goOn(plan)} ${goBack(plan)}`;
}

function phaseJump(plan: MeshPlan, phase: MeshPlan["phase"], to: MeshRevision): string {
  if (plan.phase === "none") {
    return `starts ${to} unprepared: its shared ConfigMap must exist first. Set upgrade.phase to prepared.`;
  }
  const onwards = ORDER.indexOf(phase) > ORDER.indexOf(plan.phase);
  if (onwards) return `skips the canary. ${goOn(plan)}`;
  const stranded = namesOf(plan, to);
  return `stops ${to}${stranded === "" ? "" : `, which is still used by ${stranded}`}, in one step. ${goBack(plan)}`;
}

/** The names of the namespaces that follow a revision. */
function namesOf(plan: MeshPlan, revision: MeshRevision): string {
  return Object.keys(plan.labels)
    .filter((name) => plan.labels[name] === revision)
    .join(", ");
}

function goOn({ next }: MeshPlan): string {
  return next === undefined ? "" : `To continue, ${next.does}.`;
}

function goBack({ back }: MeshPlan): string {
  return back === undefined ? "" : `To roll back, ${back.does}.`;
}

function refuse(path: string, why: string): Problem {
  return { severity: "error", path, message: `This change ${why}` };
}
