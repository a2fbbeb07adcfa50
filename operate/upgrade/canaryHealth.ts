import { listAt, textAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { isActive, workloadLabel } from "../cluster/workload.ts";
import type { UpgradeCheck } from "./check.ts";

/** Whether the pods of the namespaces that follow the canary are ready, before every namespace follows it. */
export const canaryHealth: UpgradeCheck = {
  name: "upgrade-canary-health",
  kinds: ["Pod"],
  judge: ({ mesh, plan, state }, observe) => {
    if (plan.phase !== "canary") return [];
    const followers = Object.keys(mesh.namespaces).filter(
      (name) => mesh.namespaces[name]?.canary === true,
    );
    if (followers.length === 0) {
      return [
        observe("warning", "canary", "No namespace follows the canary, so nothing has tried it.", {
          fix: "Set canary on a namespace, and watch its workloads.",
        }),
      ];
    }
    const pods = state
      .all("Pod")
      .filter((pod) => followers.includes(pod.metadata.namespace ?? "") && isActive(pod));
    const notReady = pods.filter((pod) => !isReady(pod));
    if (notReady.length === 0) {
      return [
        observe(
          "passed",
          `namespaces ${followers.join(", ")}`,
          `All pods that follow the canary are ready: ${pods.length}.`,
        ),
      ];
    }
    return [...new Set(notReady.map(workloadLabel))].map((label) => {
      const count = notReady.filter((pod) => workloadLabel(pod) === label).length;
      return observe(
        "failed",
        label,
        `${count === 1 ? "1 pod" : `${count} pods`} that should follow the canary ${count === 1 ? "is" : "are"} not ready.`,
        { fix: "Find out why, or go back with --back." },
      );
    });
  },
};

/** @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions */
function isReady(pod: ClusterObject): boolean {
  return listAt(pod, "status", "conditions").some(
    (condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
  );
}
