import { azArguments } from "../azure/azArguments.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";

const say = sayings("mesh-mode");

/**
 * Whether ARM has the mesh enabled on a cluster that runs, and is done with it.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#verify-successful-installation
 * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/get
 */
export const meshMode: Check = {
  name: "mesh-mode",
  kinds: [],
  judge({ cluster, wanted }) {
    if ("reason" in cluster) return [say.unchecked("cluster", cluster)];
    const subject = `cluster ${cluster.name ?? ""}`;
    const { powerState, provisioningState, serviceMeshProfile } = cluster;
    const names = azArguments(cluster);
    if (powerState?.code === "Stopped") {
      return [say.failed(subject, "It is stopped.", "Start it.", [`az aks start ${names}`])];
    }
    const { mode = "Disabled" } = serviceMeshProfile ?? {};
    const problems = [];
    if (mode !== "Istio") {
      const command =
        wanted === undefined ? `az aks mesh enable ${names}` : `pulumi up --stack ${wanted.stack}`;
      problems.push(
        say.failed(
          subject,
          `ARM has serviceMeshProfile.mode ${mode}, so the add-on is not installed.`,
          "Enable the mesh.",
          [command],
        ),
      );
    }
    if (provisioningState !== undefined && provisioningState !== "Succeeded") {
      problems.push(
        say.failed(
          subject,
          `Its provisioning state is ${provisioningState}, so what runs may not be what ARM lists.`,
          provisioningState === "Failed" || provisioningState === "Canceled"
            ? "Read why in the activity log, and let AKS reconcile the cluster."
            : "Wait until the operation is done.",
          provisioningState === "Failed" || provisioningState === "Canceled"
            ? [`az aks show ${names} --query status`, `az aks update ${names}`]
            : [`az aks wait ${names} --updated`],
        ),
      );
    }
    return problems.length > 0 ? problems : [say.passed(subject, "ARM has the mode Istio.")];
  },
};
