import { numberAt, textAt, valueAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { workloadLabel, workloadOf } from "../cluster/workload.ts";
import type { UpgradeCheck } from "./check.ts";
import { leftRevision, podsOn } from "./revisions.ts";

/**
 * Which workloads a restart interrupts, because no pod serves while the only one is replaced. Every workload restarts
 * once in an upgrade.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates
 */
export const interruptions: UpgradeCheck = {
  name: "upgrade-interruptions",
  kinds: ["Pod", "apps/Deployment", "apps/StatefulSet"],
  judge: (upgrade, observe) => {
    const { state } = upgrade;
    const left = leftRevision(upgrade);
    if (left === undefined) return [];
    const pods = podsOn(left, state);
    const labels = new Set(pods.map(workloadLabel));
    const bare = pods.filter((pod) => workloadOf(pod) === undefined);
    const objects = [...state.all("apps/Deployment"), ...state.all("apps/StatefulSet")];
    const found = [
      ...bare.map((pod) =>
        observe("warning", workloadLabel(pod), "No controller creates this pod again.", {
          fix: "Plan to create it anew during the upgrade, or give it a Deployment.",
        }),
      ),
      ...objects.flatMap((object) => {
        const { kind, metadata } = object;
        const label = `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
        const why = labels.has(label) ? interruption(object) : undefined;
        return why === undefined
          ? []
          : [
              observe("warning", label, `A restart interrupts it: ${why}.`, {
                fix: "Run a second replica during the upgrade, or restart it when nobody needs it.",
              }),
            ];
      }),
    ];
    return found.length > 0
      ? found
      : [observe("passed", "restarts", `No workload on ${left} is interrupted by a restart.`)];
  },
};

/** Why no pod of a workload serves at some time during a restart; undefined if one always does. */
function interruption(object: ClusterObject): string | undefined {
  const replicas = numberAt(object, "spec", "replicas") ?? 1;
  if (replicas === 0) return undefined;
  if (object.kind === "StatefulSet") {
    return replicas === 1 ? "its only pod ends before the next one starts" : undefined;
  }
  if (textAt(object, "spec", "strategy", "type") === "Recreate") {
    return "its strategy Recreate ends all pods before the next ones start";
  }
  const unavailable = unavailablePods(object, replicas);
  return unavailable < replicas
    ? undefined
    : `its maxUnavailable lets all of its pods, ${replicas}, end before the next ones start`;
}

/** How many pods of a Deployment may be unavailable; Kubernetes rounds percentages down, and 25% is the default. */
function unavailablePods(deployment: ClusterObject, replicas: number): number {
  const value = valueAt(deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable") ?? "25%";
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(typeof value === "string" ? value : "")?.[1];
  return percent === undefined ? 0 : Math.floor((Number(percent) * replicas) / 100);
}
