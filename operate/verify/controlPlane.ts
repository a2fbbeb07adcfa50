import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import { azArguments } from "../azure/azArguments.ts";
import { labelOf } from "../cluster/clusterObject.ts";
import { controlPlanes } from "../cluster/controlPlanes.ts";
import { rolloutProblem } from "../cluster/rollout.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { expectedRevisions } from "./expectedRevisions.ts";
import { armCluster } from "./observedMesh.ts";

const say = sayings("control-plane");

/**
 * Whether the istiod of every revision is ready, and no other runs.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#verify-successful-installation
 */
export const controlPlane: Check = {
  name: "control-plane",
  kinds: ["apps/Deployment"],
  judge(mesh) {
    const running = controlPlanes(mesh.state);
    const expected = expectedRevisions(mesh);
    const cluster = armCluster(mesh);
    const reconcile = cluster === undefined ? [] : [`az aks update ${azArguments(cluster)}`];
    if (expected.length === 0) {
      return [
        say.failed(
          `Namespace ${CONTROL_PLANE_NAMESPACE}`,
          "It has no Deployment istiod-asm-…, so no revision of the add-on runs.",
          "Enable the mesh.",
          cluster === undefined ? [] : [`az aks mesh enable ${azArguments(cluster)}`],
        ),
      ];
    }
    const judged = expected.map((revision) => {
      const found = running.find((one) => one.revision === revision);
      const subject = `Deployment ${CONTROL_PLANE_NAMESPACE}/istiod-${revision}`;
      if (found === undefined) {
        return say.failed(
          subject,
          `It does not exist, so ${revision} has no control plane.`,
          "Wait until AKS has created it, or let AKS reconcile the cluster.",
          reconcile,
        );
      }
      const problem = rolloutProblem(found.deployment);
      return problem === undefined
        ? say.passed(subject, "All its pods are available.")
        : say.failed(subject, `It ${problem}.`, "Look at its pods and their events.", [
            `kubectl describe pods --namespace ${CONTROL_PLANE_NAMESPACE} --selector app=istiod,istio.io/rev=${revision}`,
          ]);
    });
    const strays = running
      .filter(({ revision }) => !expected.includes(revision))
      .map(({ deployment, revision }) =>
        say.failed(
          labelOf(deployment),
          `It runs, but ${revision} is not a revision that should run.`,
          "AKS removes it when a canary upgrade is completed or rolled back. Wait, or let AKS reconcile the cluster.",
          reconcile,
        ),
      );
    return [...judged, ...strays];
  },
};
