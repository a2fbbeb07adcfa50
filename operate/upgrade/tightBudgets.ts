import { labelOf, numberAt } from "../cluster/clusterObject.ts";
import type { UpgradeCheck } from "./check.ts";
import { budgetsOf } from "./disruptionBudgets.ts";
import { leftRevision, podsOn } from "./revisions.ts";

/**
 * Which PodDisruptionBudgets allow no disruption of pods that must restart. `kubectl rollout restart` does not heed them,
 * so the pods fall below what the budget promises; whoever evicts pods instead is refused.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets
 */
export const tightBudgets: UpgradeCheck = {
  name: "upgrade-disruption-budgets",
  kinds: ["Pod", "policy/PodDisruptionBudget"],
  judge: (upgrade, observe) => {
    const { state } = upgrade;
    const left = leftRevision(upgrade);
    if (left === undefined) return [];
    const budgets = new Set(podsOn(left, state).flatMap((pod) => budgetsOf(pod, state)));
    const found = [...budgets].flatMap((budget) => {
      if (numberAt(budget, "status", "disruptionsAllowed") !== 0) return [];
      const healthy = numberAt(budget, "status", "currentHealthy") ?? 0;
      const wanted = numberAt(budget, "status", "desiredHealthy") ?? 0;
      return [
        observe(
          "warning",
          labelOf(budget),
          `It allows no disruption: ${healthy} of ${wanted} pods that it wants are healthy. A rollout restart does not heed it, and an eviction is refused.`,
          {
            fix:
              healthy < wanted
                ? "Find out first why pods are not healthy."
                : "Run one more replica during the upgrade.",
          },
        ),
      ];
    });
    return found.length > 0
      ? found
      : [observe("passed", "budgets", `Every budget of pods on ${left} allows a disruption.`)];
  },
};
