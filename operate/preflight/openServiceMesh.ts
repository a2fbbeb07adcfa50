import type { ManagedCluster } from "@azure/arm-containerservice";
import { isAnswered } from "../azure/answer.ts";
import { azArguments } from "../azure/azArguments.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";

const say = sayings("open-service-mesh");

/** Whether a cluster of the name runs Open Service Mesh, which AKS does not run beside the mesh. */
export const openServiceMesh: Check = {
  name: "open-service-mesh",
  run: ({ cluster, wanted }) => {
    const subject = wanted.clusterName === undefined ? "cluster" : `cluster ${wanted.clusterName}`;
    if (!isAnswered(cluster)) return [say.unchecked(subject, cluster)];
    if (cluster.value === undefined) {
      return [
        say.passed(
          subject,
          "A new cluster has none. If the stack already has one, name it with --cluster.",
        ),
      ];
    }
    return judgeOpenServiceMesh(cluster.value);
  },
};

/** @see https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance */
export function judgeOpenServiceMesh(cluster: ManagedCluster): readonly Observation[] {
  const { name = "", addonProfiles = {} } = cluster;
  const subject = `cluster ${name}`;
  // ARM keeps the case in which the name was written.
  const runs = Object.entries(addonProfiles).some(
    ([addOn, { enabled }]) => addOn.toLowerCase() === "openservicemesh" && enabled,
  );
  return runs
    ? [
        say.failed(
          subject,
          "It has the Open Service Mesh add-on, with which AKS refuses the Istio add-on.",
          "Move its workloads out of Open Service Mesh, and disable the add-on.",
          [`az aks disable-addons ${azArguments(cluster)} --addons open-service-mesh`],
        ),
      ]
    : [say.passed(subject, "It does not have the Open Service Mesh add-on.")];
}
