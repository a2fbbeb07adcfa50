import type { MeshRevision } from "../../mesh/revision.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import { proxiesOf } from "../cluster/proxies.ts";
import type { Upgrade } from "./check.ts";

/** The revision whose control plane the next step stops; undefined if it stops none. */
export function stoppedRevision({
  plan,
  step,
}: Pick<Upgrade, "plan" | "step">): MeshRevision | undefined {
  if (step === undefined) return undefined;
  const kept = planMesh(step.leadsTo).revisions;
  return plan.revisions.find((revision) => !kept.includes(revision));
}

/** The revision that the next step starts; undefined if it starts none. */
export function startedRevision({
  plan,
  step,
}: Pick<Upgrade, "plan" | "step">): MeshRevision | undefined {
  if (step === undefined) return undefined;
  return planMesh(step.leadsTo).revisions.find((revision) => !plan.revisions.includes(revision));
}

/** The revision that namespaces follow by default after the next step, and so one that stays. */
export function stayingRevision({ plan, step }: Pick<Upgrade, "plan" | "step">): MeshRevision {
  return step === undefined ? plan.defaultLabel : planMesh(step.leadsTo).defaultLabel;
}

/**
 * The revision that workloads leave during the upgrade, now or in a later step; undefined if no upgrade is in progress
 * and none is to start.
 */
export function leftRevision(
  upgrade: Pick<Upgrade, "mesh" | "plan" | "step">,
): MeshRevision | undefined {
  const { mesh, step } = upgrade;
  const isUpgrade =
    mesh.settings.upgrade !== undefined || step?.leadsTo.settings.upgrade !== undefined;
  return isUpgrade ? (stoppedRevision(upgrade) ?? mesh.settings.revision) : undefined;
}

/** The pods with a sidecar of a revision. Reads Pods. */
export function podsOn(revision: MeshRevision, state: ClusterState): readonly ClusterObject[] {
  return proxiesOf(state.all("Pod"))
    .filter((proxy) => proxy.revision === revision && proxy.kind !== "gateway")
    .map(({ pod }) => pod);
}
