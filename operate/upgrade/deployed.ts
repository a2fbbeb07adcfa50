import { controlPlanes } from "../cluster/controlPlanes.ts";
import { labelOf } from "../cluster/clusterObject.ts";
import { rolloutProblem } from "../cluster/rollout.ts";
import type { UpgradeCheck } from "./check.ts";

/** Whether the cluster runs what the settings say: a step starts from a deployed state. */
export const deployed: UpgradeCheck = {
  name: "upgrade-deployed",
  kinds: ["apps/Deployment"],
  judge: ({ plan, state }, observe) => {
    const running = controlPlanes(state);
    const names = running.map(({ revision }) => revision);
    const missing = plan.revisions.filter((revision) => !names.includes(revision));
    const more = names.filter((revision) => !plan.revisions.includes(revision));
    const broken = running.flatMap(({ deployment }) => {
      const problem = rolloutProblem(deployment);
      return problem === undefined
        ? []
        : [
            observe("failed", labelOf(deployment), `It ${problem}.`, {
              fix: "Wait until it is ready, or find out why it is not.",
              commands: [
                `kubectl describe deployment/${deployment.metadata.name} --namespace ${deployment.metadata.namespace ?? ""}`,
              ],
            }),
          ];
    });
    const found = [
      ...missing.map((revision) =>
        observe(
          "failed",
          `revision ${revision}`,
          `The settings say that AKS runs ${revision}, but the cluster has no istiod of it.`,
          { fix: "Deploy the settings before the next step." },
        ),
      ),
      ...more.map((revision) =>
        observe(
          "failed",
          `revision ${revision}`,
          `The cluster runs ${revision}, but the settings say that AKS runs ${plan.revisions.join(" and ")}.`,
          {
            fix: "Deploy the settings; if somebody has upgraded the mesh outside the program, correct the settings first.",
          },
        ),
      ),
      ...broken,
    ];
    return found.length > 0
      ? found
      : [observe("passed", "control planes", `AKS runs ${plan.revisions.join(" and ")}.`)];
  },
};
